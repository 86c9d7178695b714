/** The part of nspell that is used; it brings no types. */
declare module 'nspell' {
  // eslint-disable-next-line no-restricted-syntax -- that is how the package exports it
  export default function nspell(dictionary: { aff: Uint8Array; dic: Uint8Array }): {
    correct(word: string): boolean;
    suggest(word: string): string[];
  };
}
