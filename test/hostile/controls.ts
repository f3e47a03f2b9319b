/** What may stand in nothing that a person reads on a terminal or in a subject line: C0 but the line feed, DEL, C1, bidirectional controls, other line breaks. */
export const CONTROLS =
  // oxlint-disable-next-line no-control-regex -- that is what it looks for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;
