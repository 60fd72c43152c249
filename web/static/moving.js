(() => {
const spot = document.getElementById('move');
if (!spot || !window.WebGLRenderingContext || !window.DecompressionStream) return;
const page = spot.dataset;
const button = document.createElement('button');
const word = document.createElement('p');
button.type = 'button';
button.className = 'btn';
button.textContent = page.open;
word.setAttribute('role', 'status');
if (!spot.closest('section')) spot.classList.add('pad');
spot.append(button, word);
button.onclick = () => {
  const script = document.createElement('script');
  button.disabled = true;
  word.textContent = page.wait;
  script.onerror = () => {
    button.disabled = false;
    word.textContent = page.none;
  };
  script.referrerPolicy = 'no-referrer';
  script.src = page.script;
  document.head.append(script);
};
})()
