import { OWN_VERSION } from '../own-version.ts';

/** Names the tool honestly, in the form that servers take from browsers: some appliances hang up on anything else. */
export const USER_AGENT = `Mozilla/5.0 (compatible; sekisho/${OWN_VERSION}; boundary self-check)`;
