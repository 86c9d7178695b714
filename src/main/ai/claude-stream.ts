import type { RawMessageStreamEvent, MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import { failureOf, ProviderFailure, type ProviderEvent, type ProviderRequest, type StopReason, type Usage } from './provider.ts';

/** The request as Claude's API has it, at Anthropic and at Amazon; what is the same in each call is kept at hand. */
export function claudeRequest(request: ProviderRequest): MessageCreateParamsStreaming {
  const { model, system, user, tool, maxOutputTokens } = request;
  return {
    model,
    max_tokens: maxOutputTokens,
    stream: true,
    system: [{ type: 'text', text: system, cache_control: { type: 'ephemeral' } }],
    messages: [{ role: 'user', content: user }],
    tools: [{ name: tool.name, description: tool.description, input_schema: { ...tool.schema, type: 'object' } }],
    // newer models think before they answer, and refuse to be made to call a tool: the prompt asks for it
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
  };
}

const stops: Record<string, StopReason> = {
  end_turn: 'done',
  tool_use: 'done',
  stop_sequence: 'done',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'declined',
};

/** Claude's events as ours. `open` sends the request. Throws ProviderFailure; a stream without its end is `cut_stream`. */
export async function* claudeEvents(
  open: () => PromiseLike<AsyncIterable<RawMessageStreamEvent>>,
  toolName: string,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  let hasBegun = false;
  let reason: StopReason | null = null;
  let isWhole = false;
  let toolAt: number | null = null;
  try {
    for await (const event of await open()) {
      hasBegun = true;
      if (event.type === 'message_start') {
        yield { type: 'model', model: event.message.model };
        yield { type: 'usage', usage: usageOf(event.message.usage) };
      } else if (event.type === 'content_block_start') {
        const { content_block: block, index } = event;
        if (block.type === 'tool_use' && block.name === toolName && toolAt === null) toolAt = index;
      } else if (event.type === 'content_block_delta') {
        if (event.delta.type === 'text_delta') yield { type: 'text', text: event.delta.text };
        else if (event.delta.type === 'input_json_delta' && event.index === toolAt) yield { type: 'tool', json: event.delta.partial_json };
      } else if (event.type === 'message_delta') {
        reason = stops[event.delta.stop_reason ?? ''] ?? 'other';
        yield { type: 'usage', usage: usageOf(event.usage) };
      } else if (event.type === 'message_stop') isWhole = true;
    }
  } catch (error) {
    throw failureOf(error, signal, hasBegun);
  }
  if (signal.aborted) throw new ProviderFailure('cancelled');
  if (!isWhole || reason === null) throw new ProviderFailure('cut_stream');
  yield { type: 'stop', reason };
}

interface ClaudeUsage {
  input_tokens?: number | null;
  output_tokens?: number | null;
  cache_read_input_tokens?: number | null;
  cache_creation_input_tokens?: number | null;
}

function usageOf(usage: ClaudeUsage): Usage {
  return {
    input: usage.input_tokens ?? null,
    output: usage.output_tokens ?? null,
    cached: usage.cache_read_input_tokens ?? null,
    cacheWritten: usage.cache_creation_input_tokens ?? null,
  };
}
