/* Whether somebody is on the way to a button: a mouse that rests is not. */

const RESTS_MS = 10e3;

/* Of a part of the page; `free` is called when nobody is on the way any more. */
export const pointedAt = (part, free) => {
  let movedAt = -RESTS_MS;
  let resting = 0;
  part.addEventListener('mouseleave', free);
  part.addEventListener('mousemove', () => {
    movedAt = performance.now();
    clearTimeout(resting);
    resting = setTimeout(free, RESTS_MS);
  });
  return () => part.matches(':hover') && performance.now() - movedAt < RESTS_MS;
};
