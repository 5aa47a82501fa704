// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// That the page at *path* starts without a network from now on: the worker beside it keeps it.
export async function keepPage(path) {
  if (!("serviceWorker" in navigator)) return false;
  await navigator.serviceWorker.register(new URL("../sw.js", location.href).pathname);
  const { active } = await navigator.serviceWorker.ready;
  const channel = new MessageChannel();
  const said = new Promise((resolve) => (channel.port1.onmessage = resolve));
  active.postMessage({ keep: path }, [channel.port2]);
  return (await said).data.ok;
}
