export function Wordmark() {
  return <h1 className="wordmark">Steno</h1>;
}
