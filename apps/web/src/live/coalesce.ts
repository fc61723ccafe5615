/** How `coalesce` waits; the page hands in `setTimeout`. */
export type Later = (work: () => void) => void;

/**
 * Turns many calls into few: never two at a time, and one more after the last call, however many came meanwhile.
 * At 600x a street tells more than a page needs to ask.
 */
export function coalesce(work: () => Promise<void>, later: Later): () => void {
  let busy = false;
  let again = false;
  const finish = () => {
    busy = false;
    if (again) run();
  };
  const run = () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    again = false;
    const pause = () => later(finish);
    work().then(pause, pause);
  };
  return run;
}
