import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FirmId, UserId } from '../../shared/ids.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';
import type { Host } from '../host/host.ts';
import { freshId, freshIdsInOrder } from '../host/ids.ts';
import { createNodeHost } from '../host/node-host.ts';
import { defaultTemplates } from '../templates/default-templates.ts';
import { openSeat, type Seat } from '../seat.ts';
import { firm, template, user } from '../store/schema.ts';
import { openStore } from '../store/store.ts';

export interface LocalCase {
  seat: Seat;
  host: Host;
  matterId: string;
}

/** Reads a case folder into a throwaway encrypted store of no firm, hands it to `work`, and removes every trace. */
export async function withLocalCase<T>(folder: string | undefined, work: (local: LocalCase) => Promise<Outcome<T>>): Promise<Outcome<T>> {
  if (!folder) return err({ code: 'invalid_input', what: 'the command', reason: 'Name the case folder.' });
  const dataDir = await mkdtemp(join(tmpdir(), 'steno-case-'));
  process.env['STENO_KEYCHAIN'] = 'off'; // the key lives and dies with this process
  const host = await createNodeHost({ kind: 'cli', dataDir });
  try {
    const opened = openStore(join(dataDir, 'steno.db'), randomBytes(32).toString('hex'));
    if (!opened.ok) return opened;
    const store = opened.value;
    const account = {
      userId: UserId.parse(freshId()),
      firmId: FirmId.parse(freshId()),
      firmName: 'Your firm',
      firmSlug: 'local',
      email: 'you@localhost.example',
      firstName: 'You',
      lastName: '',
      role: 'Attorney' as const,
    };
    store.transaction((db) => {
      db.insert(firm).values({ firmId: account.firmId, firmName: account.firmName, firmSlug: account.firmSlug }).run();
      db.insert(user)
        .values({ userId: account.userId, email: account.email, firstName: 'You', lastName: ' ', role: 'Attorney', isActive: true })
        .run();
      const templateIds = freshIdsInOrder(defaultTemplates.length);
      for (const [index, { name, description, category, isDefault, content }] of defaultTemplates.entries()) {
        const templateId = templateIds[index] ?? freshId();
        const words = { templateName: name, templateDescription: description, templateContent: content, category };
        db.insert(template)
          .values({ templateId, ...words, version: 1, isDefault, isActive: true })
          .run();
      }
      return ok({});
    });
    const seat = openSeat({ host, account, store, remote: null, emit: () => undefined, settleMs: 50 });
    try {
      const created = await seat.matters.create({ folder: resolve(process.env['INIT_CWD'] ?? '.', folder) });
      if (!created.ok) return created;
      const { matterId, folderPath } = created.value;
      seat.watch(matterId, folderPath ?? '');
      await seat.ingest.settled(matterId);
      return await work({ seat, host, matterId });
    } finally {
      await seat.close();
    }
  } finally {
    await host.workers.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
