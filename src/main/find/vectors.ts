import { ok } from '../../shared/result.ts';
import type { Store } from '../store/store.ts';
import type { Scope } from './candidates.ts';

/** A model that the firm supplies, which says what a text means as a row of numbers. `model` names it and its version: numbers of two models say nothing to each other. */
export interface Embedder {
  model: string;
  /** One for each text, all of one length. Rejects where the model cannot be reached. */
  embed(texts: string[]): Promise<Float32Array[]>;
}

export interface Vectors {
  /** Gives every passage that has none its numbers; ends early where the model cannot be reached, and goes on when called again. */
  work(): Promise<void>;
  /** Passages nearest in meaning. Compares with each there is: some hundred thousand in a second, a slice at a time. */
  near(question: string, scope: Scope, most: number): Promise<{ chunkId: number; score: number }[]>;
  stop(): void;
}

const batchTexts = 32;
const sliceRows = 2_000;
/** Further apart is another subject. */
const leastAlike = 0.2;

export function createVectors(store: Store, { model, embed }: Embedder, pause: () => Promise<void> = nextTurn): Vectors {
  const { raw } = store;
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;

  const withoutVector = (after: number): { chunkId: number; text: string }[] =>
    raw
      .prepare(
        `select t.chunk_id as chunkId, t.body as text from find_text t where t.chunk_id > ?
           and not exists (select 1 from find_vector v where v.chunk_id = t.chunk_id and v.model = ?) order by t.chunk_id limit ?`,
      )
      .all(after, model, batchTexts) as { chunkId: number; text: string }[];

  /** Only beside the text that was sent: meanwhile the passage may have gone and its number be another's. */
  function keep(texts: { chunkId: number; text: string }[], vectors: Float32Array[]): boolean {
    const put = raw.prepare(
      `insert into find_vector select chunk_id, ?, ? from find_text where chunk_id = ? and body = ?
       on conflict (chunk_id) do update set model = excluded.model, vector = excluded.vector`,
    );
    return store.transaction(() => {
      for (const [n, { chunkId, text }] of texts.entries())
        put.run(model, toBytes(ofLengthOne(vectors[n] ?? new Float32Array())), chunkId, text);
      return ok({});
    }).ok;
  }

  return {
    async work() {
      let after = 0;
      for (let texts = withoutVector(0); texts.length > 0 && !isStopping(); texts = withoutVector(after)) {
        const vectors = await embed(texts.map(({ text }) => text));
        if (vectors.length !== texts.length) throw new Error('the model answered with another number of vectors than it was asked for');
        if (isStopping() || !keep(texts, vectors)) return;
        after = texts.at(-1)?.chunkId ?? after;
        await pause();
      }
    },
    async near(question, { from, to }, most) {
      const [asked] = await embed([question]);
      if (!asked) return [];
      const wanted = ofLengthOne(asked);
      let best: { chunkId: number; score: number }[] = [];
      const slice = raw.prepare(
        'select chunk_id as chunkId, vector from find_vector where chunk_id > ? and chunk_id >= ? and chunk_id < ? and model = ? order by chunk_id limit ?',
      );
      for (let after = -1; ;) {
        const rows = slice.all(after, from, to, model, sliceRows) as { chunkId: number; vector: Buffer }[];
        for (const { chunkId, vector } of rows) {
          const score = dot(wanted, vector);
          if (score >= leastAlike) best.push({ chunkId, score });
        }
        best = best.sort((a, b) => b.score - a.score).slice(0, most);
        if (rows.length < sliceRows) return best;
        after = rows.at(-1)?.chunkId ?? after;
        await pause();
      }
    },
    stop() {
      stopping.abort();
    },
  };
}

function ofLengthOne(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return length > 0 ? vector.map((x) => x / length) : vector;
}

const toBytes = (vector: Float32Array): Buffer => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);

/** Of vectors of length one: the cosine of the angle between them. One of another length is of another model. */
function dot(a: Float32Array, bytes: Buffer): number {
  if (bytes.byteLength !== a.byteLength) return 0;
  const b = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  let sum = 0;
  for (let n = 0; n < a.length; n += 1) sum += (a[n] ?? 0) * (b[n] ?? 0);
  return sum;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
