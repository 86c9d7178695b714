import type { FromCore, ToCore } from '../../src/shared/ipc/bridge.ts';
import type { SocketLike } from '../../src/renderer/socket-bridge.ts';

/** A socket whose other end is the test. */
export class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  readonly sent: ToCore[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text) as ToCore);
  }

  receive(message: FromCore): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}
