import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';

/** What a model's server does with one request. */
export type Reply =
  | { does: 'tool'; name?: string; input: unknown; usage?: { input: number; output: number; cached?: number } }
  /** The tool's input as it is, whole JSON or not. */
  | { does: 'tool-json'; name?: string; json: string; stop?: 'tool_use' | 'max_tokens' }
  /** Begins an answer and keeps the line open. */
  | { does: 'begin'; name: string; json: string }
  | { does: 'text'; text: string }
  | { does: 'decline' }
  | { does: 'status'; status: number; headers?: Record<string, string> }
  /** Begins an answer and breaks the line. */
  | { does: 'cut'; name?: string; json?: string }
  /** Begins an answer and ends it politely, without its end. */
  | { does: 'stop-short' }
  /** An error event in the middle of a stream that began with 200. */
  | { does: 'overloaded' }
  | { does: 'break-before' }
  | { does: 'redirect'; to: string }
  /** Answers never. */
  | { does: 'hang' }
  /** More than anybody wants. */
  | { does: 'flood'; bytes: number };

export interface ReceivedRequest {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface ModelServer {
  origin: string;
  received: ReceivedRequest[];
  /** The next replies; the last one is given from then on. A function sees the request. */
  script(...replies: (Reply | ((request: ReceivedRequest) => Reply))[]): void;
  /** Resolves when `count` requests have come. */
  asked(count: number): Promise<void>;
  stop(): Promise<void>;
}

type Wire = 'claude' | 'bedrock' | 'openai';

/** A server on the loopback that speaks as Anthropic, Amazon Bedrock and OpenAI do, by the path it is asked at, and does what it is told to. */
export async function startModelServer(): Promise<ModelServer> {
  let script: (Reply | ((request: ReceivedRequest) => Reply))[] = [{ does: 'status', status: 500 }];
  const received: ReceivedRequest[] = [];
  let waiters: { count: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const seen = { path, headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(seen);
      for (const waiter of waiters) if (received.length >= waiter.count) waiter.resolve();
      waiters = waiters.filter(({ count }) => received.length < count);
      const next = script.length > 1 ? script.shift() : script[0];
      const wire: Wire = path.includes('invoke-with-response-stream') ? 'bedrock' : path.includes('chat/completions') ? 'openai' : 'claude';
      if (next) reply(response, wire, typeof next === 'function' ? next(seen) : next);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    received,
    script: (...replies) => void (script = replies),
    asked: (count) => (received.length >= count ? Promise.resolve() : new Promise((resolve) => waiters.push({ count, resolve }))),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const model = 'model-that-answered';

function reply(response: ServerResponse, wire: Wire, what: Reply): void {
  if (what.does === 'hang') return;
  if (what.does === 'break-before') {
    response.socket?.destroy();
    return;
  }
  if (what.does === 'redirect') {
    response.writeHead(307, { location: what.to }).end();
    return;
  }
  if (what.does === 'status') {
    // as providers do, it repeats what it was asked about
    response
      .writeHead(what.status, { 'content-type': 'application/json', ...what.headers })
      .end(JSON.stringify({ error: { type: 'x', message: 'said: secret words' } }));
    return;
  }
  const send = streamOn(response, wire);
  if (what.does === 'flood') {
    for (let sent = 0; sent < what.bytes; sent += 10_000) send.text('x'.repeat(10_000));
    response.end();
    return;
  }
  send.start(what.does === 'tool' ? what.usage : undefined);
  if (what.does === 'cut') {
    send.tool(what.name ?? 'facts', what.json ?? '{"facts": [');
    // what was written is on its way before the line breaks
    setImmediate(() => response.socket?.destroy());
    return;
  }
  if (what.does === 'begin') {
    send.tool(what.name, what.json);
    return;
  }
  if (what.does === 'stop-short') {
    send.tool('facts', '{"facts": [');
    response.end();
    return;
  }
  if (what.does === 'overloaded') {
    send.overloaded();
    response.end();
    return;
  }
  if (what.does === 'text') send.text(what.text);
  if (what.does === 'tool') send.tool(what.name ?? 'facts', JSON.stringify(what.input));
  if (what.does === 'tool-json') send.tool(what.name ?? 'facts', what.json);
  const stop =
    what.does === 'decline'
      ? 'refusal'
      : what.does === 'text'
        ? 'end_turn'
        : what.does === 'tool-json'
          ? (what.stop ?? 'tool_use')
          : 'tool_use';
  send.stop(stop, what.does === 'tool' ? what.usage : undefined);
  response.end();
}

interface Sender {
  start(usage?: { input: number; cached?: number }): void;
  text(text: string): void;
  tool(name: string, json: string): void;
  overloaded(): void;
  stop(reason: 'end_turn' | 'tool_use' | 'max_tokens' | 'refusal', usage?: { input: number; output: number; cached?: number }): void;
}

/** A long text in pieces, as models send it; also between the halves of a pair. */
function pieces(text: string): string[] {
  return text.match(/[\s\S]{1,17}/g) ?? [];
}

function streamOn(response: ServerResponse, wire: Wire): Sender {
  if (wire === 'openai') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const write = (data: unknown) => response.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
    const chunk = (delta: unknown, finish_reason: string | null = null) =>
      write({ id: 'c', object: 'chat.completion.chunk', model, choices: [{ index: 0, delta, finish_reason }] });
    return {
      start: () => chunk({ role: 'assistant' }),
      text: (content) => chunk({ content }),
      tool(name, json) {
        chunk({ tool_calls: [{ index: 0, id: 't', type: 'function', function: { name, arguments: '' } }] });
        for (const piece of pieces(json)) chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] });
      },
      overloaded: () => write({ error: { type: 'overloaded_error', message: 'secret words' } }),
      stop(reason, usage = { input: 100, output: 20 }) {
        if (reason === 'refusal') chunk({ refusal: 'I will not.' });
        chunk({}, { end_turn: 'stop', tool_use: 'tool_calls', max_tokens: 'length', refusal: 'stop' }[reason]);
        const cached = usage.cached ?? 0;
        write({
          id: 'c',
          object: 'chat.completion.chunk',
          model,
          choices: [],
          usage: {
            prompt_tokens: usage.input + cached,
            completion_tokens: usage.output,
            total_tokens: 0,
            prompt_tokens_details: { cached_tokens: cached },
          },
        });
        write('[DONE]');
      },
    };
  }
  response.writeHead(200, { 'content-type': wire === 'bedrock' ? 'application/vnd.amazon.eventstream' : 'text/event-stream' });
  const event = (type: string, data: Record<string, unknown>) =>
    response.write(wire === 'bedrock' ? frame({ type, ...data }) : `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  let index = 0;
  const block = (content_block: unknown, deltas: unknown[]) => {
    event('content_block_start', { index, content_block });
    for (const delta of deltas) event('content_block_delta', { index, delta });
    event('content_block_stop', { index: index++ });
  };
  return {
    start: (usage = { input: 100 }) =>
      event('message_start', {
        message: {
          id: 'm',
          type: 'message',
          role: 'assistant',
          model,
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: {
            input_tokens: usage.input,
            output_tokens: 1,
            cache_read_input_tokens: usage.cached ?? 0,
            cache_creation_input_tokens: 0,
          },
        },
      }),
    text: (text) => block({ type: 'text', text: '' }, [{ type: 'text_delta', text }]),
    tool: (name, json) =>
      block(
        { type: 'tool_use', id: 't', name, input: {} },
        pieces(json).map((partial_json) => ({ type: 'input_json_delta', partial_json })),
      ),
    overloaded: () => event('error', { error: { type: 'overloaded_error', message: 'secret words' } }),
    stop(reason, usage = { input: 100, output: 20 }) {
      event('message_delta', { delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: usage.output } });
      event('message_stop', {});
    },
  };
}

/** One message of Amazon's event stream: lengths, headers, payload, each half with its checksum. */
function frame(data: Record<string, unknown>): Buffer {
  const isError = data['type'] === 'error';
  const payload = Buffer.from(
    JSON.stringify(isError ? { message: 'secret words' } : { bytes: Buffer.from(JSON.stringify(data)).toString('base64') }),
  );
  const header = (name: string, value: string): Buffer => {
    const [n, v] = [Buffer.from(name), Buffer.from(value)];
    const lengths = Buffer.from([7, 0, v.length]);
    return Buffer.concat([Buffer.from([n.length]), n, lengths, v]);
  };
  const headers = Buffer.concat(
    isError
      ? [header(':message-type', 'exception'), header(':exception-type', 'modelStreamErrorException')]
      : [header(':message-type', 'event'), header(':event-type', 'chunk'), header(':content-type', 'application/json')],
  );
  const whole = Buffer.alloc(12 + headers.length + payload.length + 4);
  whole.writeUInt32BE(whole.length, 0);
  whole.writeUInt32BE(headers.length, 4);
  whole.writeUInt32BE(crc32(whole.subarray(0, 8)), 8);
  headers.copy(whole, 12);
  payload.copy(whole, 12 + headers.length);
  whole.writeUInt32BE(crc32(whole.subarray(0, whole.length - 4)), whole.length - 4);
  return whole;
}
