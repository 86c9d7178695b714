import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { SignIn, type Role } from '../../shared/session.ts';
import type { AppState } from '../../shared/setup.ts';
import { useCommand } from '../client.ts';
import { Wordmark } from '../setup/Wordmark.tsx';
import { ErrorNotice } from '../ui/Notice.tsx';
import { LostCopies } from './LostCopies.tsx';
import '../setup/setup.css';

const roleWords: Record<Role, string> = {
  Admin: 'administrator',
  Attorney: 'attorney',
  Paralegal: 'paralegal',
  Viewer: 'viewer',
  Guest: 'guest',
};

/** In a low or magnified window the answer to a sign-in would stand below the edge. */
function bringIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

interface SignInScreenProps {
  app: AppState;
  connection: NonNullable<AppState['connection']>;
}

export function SignInScreen({ app, connection }: SignInScreenProps) {
  const demo = app.demo?.firmSlug === connection.firmSlug ? app.demo : null;
  const [fields, setFields] = useState({ firmSlug: connection.firmSlug, email: '', password: '' });
  const [problems, setProblems] = useState<Record<string, string>>({});
  const signIn = useCommand('session.signIn');
  const forget = useCommand('setup.forgetFirm');
  /** What was tried last: with it a person may start afresh where the copy here does not open. */
  const [last, setLast] = useState<SignIn | null>(null);
  const enter = (input: SignIn) => {
    setLast(input);
    void signIn.run(input);
  };

  const bind = (name: keyof typeof fields) => ({
    value: fields[name],
    error: problems[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setFields((all) => ({ ...all, [name]: value }));
    },
  });

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const parsed = SignIn.safeParse(fields);
    if (!parsed.success) {
      setProblems(Object.fromEntries(parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message])));
      return;
    }
    setProblems({});
    enter(parsed.data);
  };

  return (
    <main className="door">
      <header>
        <Wordmark />
        <p className="quiet">{demo ? `${demo.firmName}, a demo firm on this computer` : `Connected to ${connection.host}`}</p>
      </header>
      <LostCopies app={app} />
      <form className="card stack" onSubmit={submit} noValidate>
        {demo && (
          <div className="accounts">
            {demo.accounts.map((account, index) => (
              <button
                key={account.email}
                type="button"
                className="account"
                autoFocus={index === 0 && app.lostCopies.length === 0}
                disabled={signIn.busy}
                onClick={() => {
                  enter({ firmSlug: demo.firmSlug, email: account.email, password: account.password });
                }}
              >
                <span>
                  Sign in as <strong>{account.name}</strong>, {roleWords[account.role]}
                </span>
                <span className="quiet">{account.email}</span>
              </button>
            ))}
            <p className="quiet" style={{ marginTop: 8 }}>
              or with an address and password:
            </p>
          </div>
        )}
        <TextInput label="Firm" autoComplete="organization" {...bind('firmSlug')} />
        <TextInput label="Email" type="email" autoComplete="username" autoFocus={!demo && app.lostCopies.length === 0} {...bind('email')} />
        <PasswordInput label="Password" autoComplete="current-password" {...bind('password')} />
        {signIn.error && (
          <div ref={bringIntoView}>
            <ErrorNotice error={signIn.error} />
          </div>
        )}
        <div className="row">
          <Button type="submit" loading={signIn.busy}>
            Sign in
          </Button>
          {signIn.error?.code === 'copy_lost' && last && (
            <Button
              variant="default"
              disabled={signIn.busy}
              onClick={() => {
                enter({ ...last, startAfresh: true });
              }}
            >
              Start afresh
            </Button>
          )}
          <button
            type="button"
            className="link push"
            disabled={forget.busy}
            onClick={() => {
              void forget.run({});
            }}
          >
            Use another firm
          </button>
        </div>
        {forget.error && <ErrorNotice error={forget.error} />}
      </form>
      {app.warnings.map((warning) => (
        <p key={warning} className="quiet">
          {warning}
        </p>
      ))}
    </main>
  );
}
