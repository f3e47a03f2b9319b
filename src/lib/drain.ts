/**
 * Works through a lazy list with at most `workers` tasks at once; the list is pulled only as fast as tasks end, so it may
 * be longer than memory. A task must not throw: the first that does ends the whole.
 */
export async function drain<T>(
  list: Iterable<T>,
  workers: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = list[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) await task(next.value);
  };
  await Promise.all(Array.from({ length: workers }, work));
}
