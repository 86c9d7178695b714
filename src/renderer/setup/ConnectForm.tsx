import { Button, PasswordInput, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { FirmConnection } from '../../shared/setup.ts';
import { useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';

type Fields = Record<'firmSlug' | 'host' | 'port' | 'database' | 'user' | 'password' | 'tlsRoot', string>;
const blank: Fields = { firmSlug: '', host: '', port: '5432', database: 'steno', user: 'steno_client', password: '', tlsRoot: '' };

/** Where the firm's server is. Each field says in plain words what stands on the sheet from IT. */
export function ConnectForm({ progress, onBack }: { progress: string | null; onBack: () => void }) {
  const [fields, setFields] = useState(blank);
  const [tls, setTls] = useState<'verify' | 'off'>('verify');
  const [problems, setProblems] = useState<Record<string, string>>({});
  const connect = useCommand('setup.connectFirm');

  const bind = (name: keyof Fields) => ({
    value: fields[name],
    error: problems[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setFields((all) => ({ ...all, [name]: value }));
    },
  });

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const certificate = fields.tlsRoot.trim();
    const parsed = FirmConnection.safeParse({
      ...fields,
      port: Number(fields.port),
      tls,
      tlsRoot: certificate === '' ? null : certificate,
    });
    if (!parsed.success) {
      setProblems(
        Object.fromEntries(parsed.error.issues.map((issue) => [String(issue.path[0]), plainProblem(String(issue.path[0]), issue.message)])),
      );
      return;
    }
    setProblems({});
    void connect.run(parsed.data);
  };

  return (
    <form className="card stack" onSubmit={submit} noValidate>
      <h2>Enter your firm’s server by hand</h2>
      <TextInput label="Firm" description="The firm’s short name" placeholder="pardo-lane" autoFocus {...bind('firmSlug')} />
      <div className="pair">
        <TextInput label="Server" placeholder="steno.firm.example" style={{ flex: 1 }} {...bind('host')} />
        <TextInput label="Port" inputMode="numeric" w={84} {...bind('port')} />
      </div>
      <div className="pair">
        <TextInput label="Database" style={{ flex: 1 }} {...bind('database')} />
        <TextInput label="Connection name" style={{ flex: 1 }} {...bind('user')} />
      </div>
      <PasswordInput
        label="Connection password"
        description="From the sheet; not your own password"
        autoComplete="off"
        {...bind('password')}
      />
      <div>
        <p style={{ marginBottom: 4, fontWeight: 500 }} id="tls-label">
          Encryption on the way to the server
        </p>
        <SegmentedControl
          size="xs"
          aria-labelledby="tls-label"
          value={tls}
          onChange={(value) => {
            setTls(value === 'off' ? 'off' : 'verify');
          }}
          data={[
            { value: 'verify', label: 'On, and check the server’s certificate' },
            { value: 'off', label: 'Off' },
          ]}
        />
        {tls === 'off' && (
          <p className="quiet" style={{ marginTop: 4 }}>
            Off works for a server on this same computer only.
          </p>
        )}
      </div>
      {tls === 'verify' && (
        <Textarea
          label="Firm certificate"
          description="Only if your IT gave you one: paste it whole, from BEGIN to END"
          rows={4}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
          {...bind('tlsRoot')}
        />
      )}
      {connect.error && <ErrorNotice error={connect.error} />}
      <div className="row">
        <Button type="submit" loading={connect.busy}>
          Connect
        </Button>
        <Button variant="subtle" color="gray" disabled={connect.busy} onClick={onBack}>
          Back
        </Button>
        {connect.busy && (
          <span role="status" className="quiet">
            {progress ?? 'Asking the server'}…
          </span>
        )}
      </div>
    </form>
  );
}

/** The schema's own words where it has some for people; a plain sentence for its generic messages. */
function plainProblem(field: string, message: string): string {
  if (field === 'port') return 'A number from 1 to 65535, usually 5432.';
  return /^(Too|Invalid|Expected)/.test(message) ? 'Enter what stands on the sheet from your IT.' : message;
}
