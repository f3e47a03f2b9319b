/** Words, elements, and the line that tells a screen reader what happened. */
export const BASE = String.raw`
const root = document.documentElement;
const words = JSON.parse(document.body.dataset.words || '{}');
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all));
const make = (tag, attributes, ...children) => {
  const one = document.createElement(tag);
  for (const name of Object.keys(attributes)) one.setAttribute(name, attributes[name]);
  one.append(...children);
  return one;
};
const button = (text, act, attributes) => {
  const one = make('button', { type: 'button', ...attributes }, text);
  one.addEventListener('click', () => act(one));
  return one;
};
const every = (selector, from) => [...(from || document).querySelectorAll(selector)];
const status = make('p', { class: 'said', role: 'status' });
const say = (text) => {
  status.textContent = '';
  setTimeout(() => { status.textContent = text; }, 60);
};
const tools = make('div', { class: 'tools', role: 'group', 'aria-label': words.tools });
const top = document.querySelector('header') || document.querySelector('main');
root.classList.add('js');
tools.append(status);
if (top) top.prepend(tools);
`;
