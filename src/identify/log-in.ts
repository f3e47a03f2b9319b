import type { Authentication, AuthenticationFact } from '../model/service.ts';

/** What one group of facts tells about the log-in. `kind` undefined: it tells nothing. */
export interface LogIn {
  readonly kind: Authentication['kind'];
  readonly facts: readonly AuthenticationFact[];
}
