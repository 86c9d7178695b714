import type { FirmFile, FirmFileView } from '../../shared/provision.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import type { Host } from '../host/host.ts';
import { fingerprintOf } from '../host/signature.ts';
import { readFirmFile } from './firm-file-text.ts';
import { readPinnedKey } from './pinned-key.ts';
import type { Settings, SettingsFile } from './settings.ts';

export interface FirmFiles {
  /** What stands in a file, for a person to compare before anything is connected. */
  view(text: string): Promise<Outcome<FirmFileView>>;
  /** Connects by the file, and remembers its key. Reads and judges it anew: core keeps nothing between the two calls. */
  connect(text: string, isNewKey: boolean): Promise<Outcome<Nothing>>;
}

interface FirmFilesInput {
  host: Host;
  settings: SettingsFile;
  connect(
    connection: FirmFile['connection'] & { firmSlug: string },
    remember: Omit<Partial<Settings>, 'laptopId'>,
  ): Promise<Outcome<Nothing>>;
}

/**
 * Whom this computer believes. A key that IT installed is the only one then; else the first file's key is trusted once a person has
 * compared its fingerprint, and another key is refused until a person says that it is the new one.
 */
export function createFirmFiles({ host, settings, connect }: FirmFilesInput): FirmFiles {
  async function judge(text: string): Promise<Outcome<{ file: FirmFile; trust: FirmFileView['trust'] }>> {
    const read = readFirmFile(text, host.clock.now());
    if (!read.ok) return read;
    const pinned = await readPinnedKey(host);
    if (!pinned.ok) return pinned;
    const { key } = read.value;
    if (pinned.value !== null && pinned.value !== key) return notPinned;
    const known = settings.read().firmFileKey;
    const trust = pinned.value !== null ? 'pinned' : known === null ? 'first' : known === key ? 'known' : 'changed';
    return ok({ file: read.value, trust });
  }

  return {
    async view(text) {
      const judged = await judge(text);
      if (!judged.ok) return judged;
      const { file, trust } = judged.value;
      const known = settings.read().firmFileKey;
      return ok({
        firmName: file.firm.name,
        firmSlug: file.firm.slug,
        server: `${file.connection.host}, port ${String(file.connection.port)}`,
        issuedAt: file.issuedAt,
        expiresAt: file.expiresAt ?? null,
        fingerprint: fingerprintOf(file.key),
        trust,
        knownFingerprint: trust === 'changed' && known !== null ? fingerprintOf(known) : null,
      });
    },

    async connect(text, isNewKey) {
      const judged = await judge(text);
      if (!judged.ok) return judged;
      const { file, trust } = judged.value;
      if (trust === 'changed' && !isNewKey) return otherKey;
      return connect({ ...file.connection, firmSlug: file.firm.slug }, { options: file.options, firmFileKey: file.key });
    },
  };
}

const notPinned = err({
  code: 'invalid_input' as const,
  what: 'the file from your IT',
  reason: 'It is not signed with the key that your IT installed on this computer. Do not use it; ask your IT for the right one.',
});
const otherKey = err({
  code: 'conflict' as const,
  what: 'the firm of this computer',
  reason: 'The file is signed with another key than the one this computer knows. Ask your IT for the new fingerprint first.',
});
