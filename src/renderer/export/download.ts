import type { ExportId } from '../../shared/ids.ts';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import { base64ToBytes } from '../ui/base64.ts';
import { sentenceOf, tell } from '../ui/undo.tsx';

/** Hands an exported file to the browser, for hosts that cannot show a folder. */
export async function downloadExport(bridge: Bridge, exportId: ExportId): Promise<void> {
  const outcome = await bridge.call('export.read', { exportId });
  if (!outcome.ok) {
    tell(sentenceOf(outcome.error));
    return;
  }
  const { fileName, mediaType, base64 } = outcome.value;
  const url = URL.createObjectURL(new Blob([base64ToBytes(base64)], { type: mediaType }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = fileName;
  anchor.click();
  // The browser copies the blob when the download starts; a minute is far longer than that takes.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}
