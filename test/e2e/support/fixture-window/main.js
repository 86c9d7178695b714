// The smallest window there can be: it shows what core answers, and what it is not allowed to do.
const show = (name, value) => {
  const line = document.createElement('p');
  line.id = name;
  line.textContent = typeof value === 'string' ? value : JSON.stringify(value);
  document.body.append(line);
};

window.attempt = (work) =>
  Promise.resolve()
    .then(work)
    .then(
      () => 'allowed',
      () => 'refused',
    );
show('node', `${typeof require} ${typeof process} ${typeof module}`);
show('bridge', Object.keys(window.steno ?? {}).sort());
show('fetch', await window.attempt(() => fetch('http://127.0.0.1:9/')));

if (window.steno) {
  window.steno.on('setup.progress', ({ text }) => show('event', text));
  show('answer', await window.steno.call('setup.state', { from: 'window' }));
}
