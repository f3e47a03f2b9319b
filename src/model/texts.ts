import { z } from 'zod';

/** One text in both languages. */
export const Texts = z.strictObject({ ja: z.string().min(1), en: z.string().min(1) });
export type Texts = z.infer<typeof Texts>;
