/** The organisation file when none is named. */
export const DEFAULT_ORGANISATION_FILE = 'sekisho.yaml';

/** Copy of the organisation file in the run's folder: a run can be judged again long after the file has changed. */
export const ORGANISATION_COPY = 'organisation.yaml';
