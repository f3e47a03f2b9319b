/** A piece this small, time after time, is a tap that is left dripping, not an answer. */
const DROP_BYTES = 4;
const LEAST_DROPS = 3;
const LEAST_MS = 3000;
const MOST_BYTES_A_SECOND = 16;

/** How the bytes of one connection came. */
export class Pace {
  #firstAt = 0;
  #lastAt = 0;
  #pieces = 0;
  #bytes = 0;
  #largest = 0;

  note(bytes: number, now: number): void {
    if (this.#pieces === 0) this.#firstAt = now;
    this.#lastAt = now;
    this.#pieces += 1;
    this.#bytes += bytes;
    this.#largest = Math.max(this.#largest, bytes);
  }

  /**
   * A byte or two at a time over seconds: a tarpit. A device on a slow line sends a piece of a line at once; a person
   * does not sit at the other end.
   */
  get isDripping(): boolean {
    const took = this.#lastAt - this.#firstAt;
    return (
      this.#pieces >= LEAST_DROPS &&
      this.#largest <= DROP_BYTES &&
      took >= LEAST_MS &&
      this.#bytes / (took / 1000) < MOST_BYTES_A_SECOND
    );
  }
}
