import { connect } from 'node:net';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { err, type Outcome } from '../../../shared/result.ts';
import { readRecord } from './address.ts';
import { answerMs, answers, mostReplyBytes, type Answer, type Ask } from './protocol.ts';

/** Asks the Steno that has an account open. Nobody: none has. Silent: one has, and did not answer, or was closed before it did. */
export async function askOpenSteno<A extends Ask>(folder: string, ask: A): Promise<Outcome<Answer<A>> | 'nobody' | 'silent'> {
  const record = await readRecord(folder);
  if (!record) return 'nobody';
  const line = await exchange(record.address, { version: 1, token: record.token, ask }, answerMs[ask]);
  if (line === null || line === '') return line === null ? 'nobody' : 'silent';
  return readReply(line, answers[ask] as unknown as z.ZodType<Answer<A>>);
}

/** A line for a line. Null: nobody is there. Empty: what came is no line. */
function exchange(address: string, request: object, timeoutMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    let heard = Buffer.alloc(0);
    let isThere = false;
    const socket = connect(address, () => {
      isThere = true;
      socket.write(`${JSON.stringify(request)}\n`);
    });
    const timer = setTimeout(() => socket.destroy(), timeoutMs);
    socket.on('data', (bytes: Buffer) => {
      heard = Buffer.concat([heard, bytes]);
      if (heard.length > mostReplyBytes || heard.includes('\n')) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(timer);
      const end = heard.indexOf('\n');
      if (!isThere) resolve(null);
      else resolve(end === -1 || end >= mostReplyBytes ? '' : heard.toString('utf8', 0, end));
    });
  });
}

function readReply<T>(line: string, value: z.ZodType<T>): Outcome<T> {
  const Reply = z.union([z.object({ ok: z.literal(true), value }), z.object({ ok: z.literal(false), error: AppError })]);
  try {
    return Reply.parse(JSON.parse(line));
  } catch {
    return err({
      code: 'unsupported',
      what: 'the answer of the Steno that is open',
      reason: 'It is of another version than this command. Close Steno, open it again, and ask again.',
    });
  }
}
