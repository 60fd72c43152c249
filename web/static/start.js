// Takes the code of a one-time link out of the address: what follows the # goes to no server.
const code = decodeURIComponent(location.hash.slice(1))
const form = document.querySelector('form[data-code]')
if (code && form) {
  // Out of the history too: it may be looked at by the next person.
  history.replaceState(null, '', location.pathname)
  form.elements.code.value = code
  form.requestSubmit()
}
