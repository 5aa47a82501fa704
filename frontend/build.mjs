// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// Builds the committed static files: `make assets` = npm ci --ignore-scripts && node build.mjs.
// Same input, same bytes: CI rebuilds and compares.
import { build } from "esbuild";
import { cp, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../src/wijkeconomie/web/static/wijkeconomie");
const modules = join(here, "node_modules");
const version = async (name) => JSON.parse(await readFile(join(modules, name, "package.json"), "utf8")).version;

// The theme holds tokens for every component there is.  We keep --basis-* (a municipality sets those)
// and what the rest of our CSS reaches, on :root so that no class is needed.
function prune(theme, rest) {
  const declared = new Map([...theme.matchAll(/^\s*(--[\w-]+):\s*([^;]+);/gm)].map(([, name, value]) => [name, value.trim()]));
  const names = (text) => [...text.matchAll(/var\(\s*(--[\w-]+)/g)].map(([, name]) => name);
  const queue = [...names(rest), ...[...declared.keys()].filter((name) => name.startsWith("--basis-"))];
  const kept = new Set();
  while (queue.length) {
    const name = queue.pop();
    if (!declared.has(name) || kept.has(name)) continue;
    kept.add(name);
    queue.push(...names(declared.get(name)));
  }
  const lines = [...declared].filter(([name]) => kept.has(name)).map(([name, value]) => `${name}:${value};`);
  return `:root{${lines.join("")}}`;
}

async function stylesheet(minify) {
  let rest = "";
  let theme = "";
  const collect = {
    name: "tokens",
    setup(pass) {
      pass.onLoad({ filter: /\.css$/ }, async ({ path }) => {
        const contents = await readFile(path, "utf8");
        if (path.endsWith("voorbeeld-design-tokens/dist/theme.css")) {
          return { contents: theme || contents, loader: "css" };
        }
        rest += contents;
        return { contents, loader: "css" };
      });
    },
  };
  const options = {
    entryPoints: [join(here, "css/app.css")], bundle: true, write: false, minify, charset: "utf8",
    external: ["./fonts/*"], legalComments: "none", plugins: [collect],
    target: ["chrome123", "firefox120", "safari17.5"], logLevel: "warning",
  };
  await build(options); // the first pass learns which tokens are used
  theme = prune(await readFile(join(modules, "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css"), "utf8"), rest);
  return (await build(options)).outputFiles[0].text;
}

const notice = "SPDX-FileCopyrightText: The wijkeconomie contributors; NL Design System community; Frameless B.V.; Gemeente Utrecht";
await rm(target, { recursive: true, force: true });
await mkdir(join(target, "fonts"), { recursive: true });
await writeFile(join(target, "app.css"), `/*! ${notice}\n    SPDX-License-Identifier: EUPL-1.2 */\n${await stylesheet(true)}`);
for (const name of ["theme.js", "app.js", "map.js"]) await copyFile(join(here, "js", name), join(target, name));
await copyFile(join(here, "js/field/worker.js"), join(target, "field-worker.js"));
for (const [entry, name] of [["field/main.js", "field.js"], ["field/desk.js", "desk.js"], ["door/main.js", "door.js"]]) {
  await build({
    entryPoints: [join(here, "js", entry)], outfile: join(target, name), bundle: true, format: "esm", charset: "utf8",
    banner: { js: "// SPDX-FileCopyrightText: The wijkeconomie contributors\n// SPDX-License-Identifier: EUPL-1.2" },
    legalComments: "none", target: ["chrome123", "firefox120", "safari17.5"], logLevel: "warning",
  });
}
for (const name of ["icons.svg", "icon.svg"]) await copyFile(join(here, "icons", name), join(target, name));
for (const weight of [400, 700]) {
  const font = `source-sans-3-latin-${weight}-normal.woff2`;
  await copyFile(join(modules, "@fontsource/source-sans-3/files", font), join(target, "fonts", font));
}
await cp(join(modules, "htmx.org/dist/htmx.min.js"), join(target, "htmx.min.js"));
const maplibre = join(target, "maplibre", await version("maplibre-gl"));
await mkdir(maplibre, { recursive: true });
for (const name of ["maplibre-gl.mjs", "maplibre-gl-shared.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css"]) {
  const text = await readFile(join(modules, "maplibre-gl/dist", name), "utf8");
  // Source maps are not shipped; a mention of one would be a broken link.
  await writeFile(join(maplibre, name), text.replace(/\n\/\/# sourceMappingURL=.*$/, "\n"));
}
const journeys = join(here, "../tests/journeys");
await mkdir(journeys, { recursive: true });
await copyFile(join(modules, "axe-core/axe.min.js"), join(journeys, "axe.min.js"));
