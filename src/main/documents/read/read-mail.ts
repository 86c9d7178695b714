import msgReader from '@kenjiuno/msgreader';
import PostalMime, { type Address } from 'postal-mime';
import type { Outcome } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { collectAttachments, type Attachment } from './attachments.ts';
import { isSoundCompound } from './compound.ts';
import { mailBody } from './mail-body.ts';
import { tidyLines } from './markup.ts';
import type { ReadFile } from './reading.ts';
import { limits, mediaTypes, refuse } from './reading.ts';

/** Mails in mails in mails: what lies deeper stays in the mail it came with. */
const mostNested = 4;
/** Logos and the like, which a mail shows inside its text. */
const smallPictureBytes = 20_000;

interface Mail {
  from: string;
  to: string;
  cc: string;
  date: string;
  subject: string;
  body: string;
  attachments: Attachment[];
}

/** A mail as one page: its heads, then its words. Attachments become documents of their own. */
export async function readEml(bytes: Uint8Array, file: string, within: readonly string[]): Promise<Outcome<ReadFile>> {
  try {
    const parsed = await new PostalMime({ forceRfc822Attachments: true, maxNestingDepth: 100 }).parse(bytes);
    const found = collectAttachments();
    for (const { filename, mimeType, content, related, disposition } of parsed.attachments) {
      if (typeof content === 'string') continue;
      const own = new Uint8Array(content instanceof Uint8Array ? content : new Uint8Array(content));
      const isDecoration =
        (related === true || disposition === 'inline') && mimeType.startsWith('image/') && own.length < smallPictureBytes;
      if (!isDecoration && own.length > 0) found.add(filename ?? (mimeType === mediaTypes.eml ? 'message.eml' : ''), own);
    }
    return await asPage(
      {
        from: parsed.from ? addresses([parsed.from]) : '',
        to: addresses(parsed.to ?? []),
        cc: addresses(parsed.cc ?? []),
        date: parsed.date ?? '',
        subject: parsed.subject ?? '',
        body: mailBody(parsed.text ?? '', parsed.html ?? ''),
        attachments: found.all,
      },
      file,
      within,
    );
  } catch (error) {
    if (error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError')) throw error;
    return err(
      refuse.corrupt(
        file,
        'The mail is damaged or built in a way that mail programs do not build. Open it in your mail program and save it anew.',
      ),
    );
  }
}

/** The package is CommonJS: Node gives all of it as the default, other loaders its own default. */
type MsgReaderClass = typeof msgReader.default;
const MsgReader = (msgReader as { default?: MsgReaderClass }).default ?? (msgReader as unknown as MsgReaderClass);

/** A message as Outlook keeps it. */
export async function readMsg(bytes: Uint8Array, file: string, within: readonly string[]): Promise<Outcome<ReadFile>> {
  if (!isSoundCompound(bytes)) return damagedMessage(file);
  try {
    const reader = new MsgReader(new Uint8Array(bytes).buffer);
    const fields = reader.getFileData();
    const found = collectAttachments();
    for (const attachment of fields.attachments ?? []) {
      const { fileName, content } = reader.getAttachment(attachment);
      const isDecoration = attachment.attachmentHidden === true && content.length < smallPictureBytes;
      if (!isDecoration && content.length > 0) found.add(fileName, content);
    }
    const people = (type: string): string =>
      (fields.recipients ?? [])
        .filter(({ recipType }) => (recipType ?? 'to') === type)
        .map(({ name, smtpAddress, email }) => person(name ?? '', smtpAddress ?? email ?? ''))
        .join(', ');
    const html = fields.bodyHtml ?? (fields.html ? new TextDecoder().decode(fields.html) : '');
    return await asPage(
      {
        from: person(fields.senderName ?? '', fields.senderSmtpAddress ?? fields.senderEmail ?? ''),
        to: people('to'),
        cc: people('cc'),
        date: fields.messageDeliveryTime ?? fields.clientSubmitTime ?? '',
        subject: fields.subject ?? '',
        body: mailBody(fields.body ?? '', html),
        attachments: found.all,
      },
      file,
      within,
    );
  } catch (error) {
    if (error instanceof Error && error.name === 'RuntimeError') throw error;
    return damagedMessage(file);
  }
}

function damagedMessage(file: string): Outcome<never> {
  return err(
    refuse.corrupt(file, 'The Outlook message is cut off or damaged. Open it in Outlook and save it anew, or ask for a new copy.'),
  );
}

function asPage(
  { from, to, cc, date, subject, body, attachments }: Mail,
  file: string,
  within: readonly string[],
): Promise<Outcome<ReadFile>> {
  const total = attachments.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (attachments.length > limits.archiveFiles || total > limits.archiveBytes)
    return Promise.resolve(
      err(
        refuse.unsupported(
          file,
          'The mail carries more attachments than Steno takes out at once. Save them from your mail program into the folder.',
        ),
      ),
    );
  const day = new Date(date);
  const heads = [
    ['From', from],
    ['To', to],
    ['Cc', cc],
    [
      'Date',
      Number.isNaN(day.getTime())
        ? date
        : day
            .toISOString()
            .replace('T', ' ')
            .replace(/:\d\d\.\d+Z$/, ' UTC'),
    ],
    ['Subject', subject],
    ['Attachments', attachments.map(({ name }) => name).join(', ')],
  ].flatMap(([name = '', value = '']) => (value === '' ? [] : [`${name}: ${value.replace(/\s+/g, ' ').trim()}`]));
  const isDeep = within.filter((type) => type === mediaTypes.eml || type === mediaTypes.msg).length >= mostNested;
  return Promise.resolve(
    ok({
      pages: [{ page: 1, text: `${heads.join('\n')}\n\n${tidyLines(body.replaceAll('\r', ''))}`, words: [], needsOcr: false }],
      attachments: isDeep ? [] : attachments,
      note:
        isDeep && attachments.length > 0
          ? 'It lies in mails within mails; its own attachments were not taken out. Save them into the folder.'
          : null,
    }),
  );
}

function addresses(list: readonly Address[]): string {
  return list
    .map((one) => (one.group ? one.group.map(({ name, address }) => person(name, address)).join(', ') : person(one.name, one.address)))
    .join(', ');
}

function person(name: string, address: string): string {
  if (name === '' || name === address) return address;
  return address === '' ? name : `${name} <${address}>`;
}
