// What stands in the document's data decides which page this is.

const data = JSON.parse(document.getElementById('data')!.textContent!) as object;
if ('diff' in data) await import('./diff-page.js');
else await import('./ways-page.js');
