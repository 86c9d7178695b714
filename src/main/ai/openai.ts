import OpenAI from 'openai';
import type { ChatCompletionChunk, ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { Gate } from './gate.ts';
import { failureOf, ProviderFailure, type Provider, type ProviderEvent, type ProviderRequest, type StopReason } from './provider.ts';

const stops: Record<string, StopReason> = {
  stop: 'done',
  tool_calls: 'done',
  function_call: 'done',
  length: 'length',
  content_filter: 'declined',
};

function chatRequest(
  { model, system, user, tool, maxOutputTokens }: ProviderRequest,
  isOwnServer: boolean,
): ChatCompletionCreateParamsStreaming {
  return {
    model,
    stream: true,
    stream_options: { include_usage: true },
    // OpenAI's newer models know only the second word, most compatible servers only the first
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- by OpenAI alone
    ...(isOwnServer ? { max_tokens: maxOutputTokens } : { max_completion_tokens: maxOutputTokens }),
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: user },
    ],
    tools: [{ type: 'function', function: { name: tool.name, description: tool.description, parameters: tool.schema } }],
    tool_choice: { type: 'function', function: { name: tool.name } },
  };
}

/** OpenAI, and servers that speak like it, a model on this laptop too. A server that needs no key is given none. */
export function createOpenAi({ key, gate }: { key: string | null; gate: Gate }): Provider {
  const client = new OpenAI({
    // the SDK wants one; the gate takes it out again
    apiKey: key ?? 'none',
    ...(key === null && { defaultHeaders: { authorization: null } }),
    organization: null,
    project: null,
    adminAPIKey: null,
    baseURL: gate.baseUrl,
    fetch: gate.fetch,
    maxRetries: 0,
    timeout: gate.timeoutMs * 2,
    logLevel: 'off',
  });
  const isOwnServer = new URL(gate.baseUrl).hostname !== 'api.openai.com';
  return {
    name: 'openai',
    stream: (request, signal) =>
      chatEvents(() => client.chat.completions.create(chatRequest(request, isOwnServer), { signal }), request.tool.name, signal),
  };
}

async function* chatEvents(
  open: () => PromiseLike<AsyncIterable<ChatCompletionChunk>>,
  toolName: string,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  let hasBegun = false;
  let reason: StopReason | null = null;
  let hasDeclined = false;
  let toolAt: number | null = null;
  try {
    for await (const chunk of await open()) {
      if (!hasBegun) yield { type: 'model', model: chunk.model };
      hasBegun = true;
      if (chunk.usage) {
        const cached = chunk.usage.prompt_tokens_details?.cached_tokens ?? 0;
        yield {
          type: 'usage',
          usage: { input: chunk.usage.prompt_tokens - cached, output: chunk.usage.completion_tokens, cached, cacheWritten: 0 },
        };
      }
      const choice = chunk.choices[0];
      if (!choice) continue;
      if (choice.delta.content) yield { type: 'text', text: choice.delta.content };
      if (choice.delta.refusal) hasDeclined = true;
      for (const call of choice.delta.tool_calls ?? []) {
        if (call.function?.name === toolName) toolAt ??= call.index;
        if (call.index === toolAt && call.function?.arguments) yield { type: 'tool', json: call.function.arguments };
      }
      if (choice.finish_reason) reason = stops[choice.finish_reason] ?? 'other';
    }
  } catch (error) {
    throw failureOf(error, signal, hasBegun);
  }
  if (signal.aborted) throw new ProviderFailure('cancelled');
  if (reason === null) throw new ProviderFailure('cut_stream');
  yield { type: 'stop', reason: hasDeclined ? 'declined' : reason };
}
