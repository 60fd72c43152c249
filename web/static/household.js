const part = id => document.getElementById(id);
let token = '';

const show = id => {
  for (const one of ['wait', 'dead', 'away', 'ask']) part(one).hidden = one !== id;
  if (id === 'dead') part('ask').hidden = false;
  part('again').hidden = id !== 'away';
};

const open = async () => {
  show('wait');
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 15e3);
  try {
    const answer = await fetch('/h', {
      method: 'POST',
      body: new URLSearchParams({code: token}),
      credentials: 'same-origin',
      redirect: 'manual',
      signal: stop.signal,
    });
    if (answer.type === 'opaqueredirect') location.replace('/h/way' + location.search);
    else show(answer.status === 404 ? 'dead' : 'away');
  } catch {
    show('away');
  } finally {
    clearTimeout(timer);
  }
};

const take = () => {
  if (location.hash.length < 2) return;
  token = location.hash.slice(1);
  history.replaceState(null, '', location.pathname + location.search);
  open();
};

part('again').addEventListener('click', open);
addEventListener('hashchange', take);
take();
