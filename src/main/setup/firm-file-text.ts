import { formatDayShort } from '../../shared/days.ts';
import { canonicalForm, FirmFile, FirmFileHead, FirmFileSeal } from '../../shared/provision.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { isSignedBy } from '../host/signature.ts';

/** What is read is checked in this order, so that each way a file can be wrong has a sentence of its own. */
const words = {
  other: 'It is not a file that connects Steno to a firm. Choose the one your IT gave you.',
  cutOff: 'Part of it is missing. It may have been cut off on its way to you: get it from your IT again.',
  unsigned: 'It carries no signature. Do not use it; ask your IT for the file that Steno wrote.',
  changed: 'It was changed after your IT signed it. Do not use it, and tell your IT where you got it.',
};

/**
 * The file that IT hands out, once everything in it is as its signer left it. Whether that signer is to be trusted is another
 * question (firm-files.ts). Errors: invalid_input, unsupported, corrupt.
 */
export function readFirmFile(text: string, now: number, isSigned: typeof isSignedBy = isSignedBy): Outcome<FirmFile> {
  const parsed = parseObject(text);
  if (!parsed) return text.includes('"steno-provision"') ? corrupt(words.cutOff) : unusable(words.other);
  const head = FirmFileHead.safeParse(parsed);
  if (!head.success) return unusable(words.other);
  if (head.data.version !== 1) {
    const reason = `It is of version ${String(head.data.version)}, and this Steno reads version 1. Update Steno, or ask your IT for a file of version 1.`;
    return err({ code: 'unsupported', what, reason });
  }
  const seal = FirmFileSeal.safeParse(parsed);
  if (!seal.success) return unusable(words.unsigned);
  const form = canonicalForm({ ...parsed, signature: undefined });
  if (form === null || !isSigned(seal.data.key, form, seal.data.signature)) return unusable(words.changed);
  const file = FirmFile.safeParse(parsed);
  if (!file.success) {
    const where = [...new Set(file.error.issues.map((issue) => issue.path.join('.')))].join(', ');
    return unusable(`It is signed, but this Steno cannot use what stands under ${where}. Tell your IT.`);
  }
  const { expiresAt } = file.data;
  // by this computer's clock: it stops an old file from surprising somebody, it protects nothing (the password's change does)
  if (expiresAt !== undefined && Date.parse(expiresAt) <= now) {
    const reason = `It was good until ${dayOf(Date.parse(expiresAt))}, and this computer’s date is ${dayOf(now)}. Ask your IT for a new one.`;
    return unusable(reason);
  }
  return ok(file.data);
}

const what = 'the file from your IT';

function unusable(reason: string): Outcome<never> {
  return err({ code: 'invalid_input', what, reason });
}

function corrupt(reason: string): Outcome<never> {
  return err({ code: 'corrupt', what, reason });
}

function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function dayOf(at: number): string {
  return formatDayShort(new Date(at).toISOString().slice(0, 10));
}
