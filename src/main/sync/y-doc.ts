import * as Y from 'yjs';

/** A document to read or check a letter in, with a name nobody asks for: a random one costs more than the reading, and one is made for each key typed. */
export const letterYDoc = (options: { gc?: boolean } = {}): Y.Doc => new Y.Doc({ guid: 'letter', ...options });
