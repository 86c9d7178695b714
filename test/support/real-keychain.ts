import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecrets } from '../../src/main/host/secrets.ts';
import { secretsContract } from './secrets-contract.ts';

// Runs inside a D-Bus session with an unlocked keyring (test/main/host/secrets.test.ts starts one); prints how many rules held.
const folder = mkdtempSync(join(tmpdir(), 'steno-keychain-'));
let kept = 0;
try {
  const secrets = await createSecrets(folder);
  assert.equal(secrets.warning, null, 'the keychain was not used');
  for (const check of Object.values(secretsContract)) {
    await check(secrets);
    kept += 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`kept ${kept}`);
