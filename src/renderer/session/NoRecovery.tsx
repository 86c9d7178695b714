import { Button } from '@mantine/core';
import { useCommand } from '../client.ts';
import './session.css';

/** The firm has no recovery key: its people are told what that means before anything happens, once each. */
export function NoRecovery() {
  const note = useCommand('session.noteNoRecovery');
  return (
    <div className="warning-line no-recovery" role="status">
      <span>
        <strong>Your firm has no recovery key.</strong> Should your firm revoke this laptop, or the laptop lose its keychain, changes that
        the firm does not have yet are lost. Sync often, and ask your IT to make one (steno admin escrow).
      </span>
      <Button
        variant="default"
        size="compact-xs"
        className="push"
        loading={note.busy}
        onClick={() => {
          void note.run({});
        }}
      >
        I have read this
      </Button>
    </div>
  );
}
