/** Puts a text on the clipboard; false where the system refused. Only in answer to a key or a click. */
export function copyText(text: string): boolean {
  let isDone = false;
  const put = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
    isDone = event.clipboardData !== null;
  };
  document.addEventListener('copy', put, { capture: true });
  // the newer way asks for a permission, and our windows are granted none
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  document.execCommand('copy');
  document.removeEventListener('copy', put, { capture: true });
  return isDone;
}
