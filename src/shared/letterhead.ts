import { z } from 'zod';

/** What a firm prints above its letters. */
export const Letterhead = z.object({
  name: z.string().trim().min(1).max(255),
  addressLines: z.array(z.string().trim().min(1).max(255)).max(6),
  phone: z.string().trim().max(64).nullable(),
  email: z.string().trim().max(255).nullable(),
});
export type Letterhead = z.infer<typeof Letterhead>;
