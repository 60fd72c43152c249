// Small pieces of a page.
export const at = id => document.getElementById(id);

export const put = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

export const make = (name, values = {}, ...inside) => {
  const made = Object.assign(document.createElement(name), values);
  made.append(...inside);
  return made;
};

// New children only where they say something else: focus and a reader's place stay.
export const fill = (element, key, children) => {
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  element.replaceChildren(...children());
};
