import { z } from 'zod';

/** What a firm prints above its letters. */
export const Letterhead = z.object({
  name: z.string().trim().min(1).max(255),
  addressLines: z.array(z.string().trim().min(1).max(255)).max(6),
  phone: z.string().trim().max(64).nullable(),
  email: z.string().trim().max(255).nullable(),
});
export type Letterhead = z.infer<typeof Letterhead>;

/** What stands under the firm's name: the address, then telephone and email on one line. */
export function letterheadLines({ addressLines, phone, email }: Letterhead): string[] {
  const contact = [phone, email].filter(Boolean).join('  ·  ');
  return [...addressLines, ...(contact ? [contact] : [])];
}
