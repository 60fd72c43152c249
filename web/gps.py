"""The script of the home page: it shows the button that asks the phone where it is."""

from typing import Final

from web.style import source_hash

GPS_SCRIPT: Final = (
    "(function(){var b=document.getElementById('gps'),n=navigator.geolocation;"
    "if(!b||!n||!window.isSecureContext)return;b.hidden=false;"
    "b.onclick=function(){var f=b.form,w=document.getElementById('gps-word');"
    "w.textContent=b.dataset.wait;n.getCurrentPosition(function(p){"
    "f.elements.lat.value=p.coords.latitude.toFixed(6);"
    "f.elements.lon.value=p.coords.longitude.toFixed(6);"
    "f.elements.q.value='';f.elements.box.value='';f.submit()},"
    "function(){w.textContent=b.dataset.none},"
    "{enableHighAccuracy:true,timeout:15000,maximumAge:60000})}})()"
)
"""It only fills the form and sends it; nothing is stored and nothing goes elsewhere."""

GPS_HASH: Final = source_hash(GPS_SCRIPT)
