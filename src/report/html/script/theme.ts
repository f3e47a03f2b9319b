/** Light, dark, or as the device says: an attribute of the page, nothing that stays. */
export const THEME = String.raw`
const THEMES = ['system', 'light', 'dark'];
const themed = button('', (one) => {
  const next = THEMES[(THEMES.indexOf(root.dataset.theme || 'system') + 1) % THEMES.length];
  if (next === 'system') delete root.dataset.theme;
  else root.dataset.theme = next;
  nameTheme(one);
  say(one.textContent);
});
const nameTheme = (one) => {
  one.textContent = words.label.replace('{name}', words.theme).replace('{text}', words[root.dataset.theme || 'system']);
};
nameTheme(themed);
tools.append(themed);
`;
