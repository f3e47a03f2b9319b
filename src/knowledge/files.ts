/** Shapes of the small files under `config/` that only the loader sees. */
import { z } from 'zod';
import { ClassInfo } from '../model/knowledge.ts';
import { Sample } from '../model/product.ts';
import { ServiceClass } from '../model/service-class.ts';

export const ClassesFile = z.record(ServiceClass, ClassInfo);

/** "21", 8080, or "8000-8010". */
const PortEntry = z.union([z.number().int().min(1).max(65535), z.string().regex(/^\d{1,5}-\d{1,5}$/)]);

export const PortsFile = z.strictObject({
  profiles: z.record(
    z.string().regex(/^[a-z][a-z0-9-]*$/),
    z.strictObject({
      /** A profile above this one whose ports belong to this one as well. */
      include: z.string().optional(),
      ports: z.array(PortEntry).min(1),
    }),
  ),
});
export type PortsFile = z.infer<typeof PortsFile>;

/** Until when the known-exploited list was read, so that a report can say how old its knowledge is. */
export const AdvisoryDataFile = z.strictObject({ date: z.iso.date(), source: z.string() });

/** Makers, each written one way: two spellings would be two makers to whoever counts them. */
export const VendorsFile = z.array(z.string().min(1)).min(1);

/** Products that ought to have a file and have none, because nobody has published what they answer: for `sekisho learn`. */
export const WantedFile = z.record(
  z.string().regex(/^[a-z0-9-]+$/),
  z.strictObject({ vendor: z.string(), name: z.string(), class: ServiceClass }),
);

/** Answers of ordinary servers, which no product may claim; for the tests, not for the program. */
export const OrdinaryFile = z.array(
  z.strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/),
    /** Where it comes from or what it is made after. */
    note: z.string().optional(),
    samples: z.array(Sample).min(1),
    /** The one product that may claim it: a plain web server, an SSH banner … */
    may: z.array(z.string()).default([]),
  }),
);
export type OrdinaryFile = z.infer<typeof OrdinaryFile>;
