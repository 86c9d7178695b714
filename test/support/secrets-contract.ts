import assert from 'node:assert/strict';
import type { Secrets } from '../../src/main/host/host.ts';

/** What every place for secrets keeps; run over the file, and over the real keychain in a process of its own. */
export const secretsContract: Record<string, (secrets: Secrets) => Promise<void>> = {
  'what was never set is null': async (secrets) => {
    assert.equal(await secrets.get('never'), null);
  },
  'what was set comes back exactly, the last one wins': async (secrets) => {
    for (const value of ['a', 'ümläut "quoted" \n line', 'f'.repeat(64)]) {
      await secrets.set('store-key', value);
      assert.equal(await secrets.get('store-key'), value);
    }
  },
  'names do not touch each other': async (secrets) => {
    await secrets.set('one', '1');
    await secrets.set('two', '2');
    await secrets.delete('one');
    assert.deepEqual([await secrets.get('one'), await secrets.get('two')], [null, '2']);
  },
  'deleting what is not there is no error': async (secrets) => {
    await secrets.delete('never');
  },
};
