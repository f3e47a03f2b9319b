/** Copy of the organisation file in the run's folder: a run can be judged again long after the file has changed. */
export const ORGANISATION_COPY = 'organisation.yaml';
