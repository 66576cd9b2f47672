// Stands in the page's place while the workspace is being prepared: looks again, and loads the page once it is there.

const AGAIN_MS = 500;

async function look() {
  const open = await fetch(location.pathname).then((answer) => answer.ok, () => false);
  if (open) location.reload();
  else setTimeout(look, AGAIN_MS);
}

setTimeout(look, AGAIN_MS);
