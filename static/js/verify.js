// Checks a certificate on this device: the same rules as integrations/jose/offline.py and paper.py, by the browser's own
// cryptography. Nothing is sent; without saved copies the issuer's key set and status list are fetched from this site.
"use strict";

(() => {
  const form = document.querySelector("form[data-verify]");
  if (!form) return;

  const words = JSON.parse(document.getElementById("verify-words").textContent);
  const CERTIFICATE = "at10-clearance+jwt";
  const LIST = "statuslist+jwt";
  const MOST = { [CERTIFICATE]: 8192, [LIST]: 256 * 1024 };
  const MOST_FILE = 8 * 1024 * 1024;
  const MOST_KEYS = 64;
  const PLACES = 2 ** 20;
  const SKEW = 60;
  const ROOM = 8192;
  const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const ENDS = new Set(["expired", "not-yet", "ended"]);
  const KEYS_INSIDE = ["jwk", "jku", "x5c", "x5u", "x5t", "x5t#S256"];
  const utf8 = new TextEncoder();

  class Failed extends Error {
    constructor(reason, more = "") {
      super(reason);
      this.reason = reason;
      this.more = more;
    }
  }
  const refuse = (reason, when = true) => { if (when) throw new Failed(reason); };
  /** What throws anything else than Failed has failed for this reason. */
  const or = (reason, work) => {
    try {
      return work();
    } catch (failure) {
      throw failure instanceof Failed ? failure : new Failed(reason);
    }
  };

  // Texts and bytes.
  const b64 = (bytes) => {
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const unb64 = (text) => {
    const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    const bytes = Uint8Array.from(raw, (one) => one.charCodeAt(0));
    if (b64(bytes) !== text) throw new Error("not canonical");
    return bytes;
  };
  const strict = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  /** JSON as the issuer writes it: members in order, none twice, no space. */
  const compact = (value) => {
    if (Array.isArray(value)) return `[${value.map(compact).join(",")}]`;
    if (!isObject(value)) return JSON.stringify(value);
    return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${compact(value[name])}`).join(",")}}`;
  };
  const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

  // Keys, signatures, claims.
  const readKey = async (jwk) => {
    const { kty, crv, x, y, kid, alg = "ES256", use = "sig" } = jwk;
    const name = b64(await sha256(utf8.encode(compact({ crv, kty, x, y }))));
    const fits = kty === "EC" && crv === "P-256" && alg === "ES256" && use === "sig" && kid === name && !("d" in jwk);
    if (!fits || unb64(x).length !== 32 || unb64(y).length !== 32) throw new Error("no such key");
    const kind = { name: "ECDSA", namedCurve: "P-256" };
    return [name, await crypto.subtle.importKey("jwk", { kty, crv, x, y }, kind, false, ["verify"])];
  };
  const keySet = async (bytes) => {
    try {
      const found = JSON.parse(strict(bytes));
      if (!Array.isArray(found.keys) || !found.keys.length || found.keys.length > MOST_KEYS) throw new Error("keys");
      return { byName: new Map(await Promise.all(found.keys.map(readKey))), issuer: found.issuer };
    } catch {
      throw new Failed("keys");
    }
  };
  const whyNot = (bytes, typ) => {
    let header;
    try {
      header = JSON.parse(strict(bytes));
    } catch {
      return "header";
    }
    if (!isObject(header)) return "header";
    if (header.alg !== "ES256") return "algorithm";
    if ("crit" in header) return "critical";
    if (KEYS_INSIDE.some((name) => name in header)) return "key-inside";
    if (header.typ !== typ) return "type";
    return compact(Object.keys(header).sort()) === '["alg","kid","typ"]' ? "unknown-key" : "header";
  };
  const whyNoToken = (token, typ) => {
    try {
      return token.includes(".") && whyNot(unb64(token.split(".")[0]), typ) === "algorithm" ? "algorithm" : "shape";
    } catch {
      return "shape";
    }
  };
  const opened = async (token, keys, typ) => {
    refuse("too-long", token.length > MOST[typ]);
    const parts = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})$/.exec(token);
    if (!parts || token.endsWith("\n")) throw new Failed(whyNoToken(token, typ));
    const [front, payload, signature] = or("not-canonical", () => parts.slice(1).map(unb64));
    for (const [kid, key] of keys.byName) {
      if (b64(front) !== b64(utf8.encode(compact({ alg: "ES256", kid, typ })))) continue;
      refuse("signature", BigInt(`0x${hex(signature.slice(32))}`) > ORDER / 2n);
      const signed = utf8.encode(token.slice(0, token.lastIndexOf(".")));
      refuse("signature", !(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, signed)));
      return readClaims(payload);
    }
    throw new Failed(whyNot(front, typ));
  };
  const readClaims = (payload) => or("claims", () => {
    const text = strict(payload);
    const claims = JSON.parse(text);
    const held = isObject(claims) && compact(claims) === text
      && ["iss", "jti"].every((name) => typeof claims[name] === "string")
      && ["iat", "exp", ...("nbf" in claims ? ["nbf"] : [])].every((name) => Number.isSafeInteger(claims[name]));
    refuse("claims", !held);
    return claims;
  });

  // The status list.
  const inflate = async (packed) => {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    const reader = stream.getReader();
    const bits = new Uint8Array(PLACES / 8);
    let length = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return bits.subarray(0, length);
      if (length + value.length > bits.length) {
        await reader.cancel();
        throw new Error("longer than there are places");
      }
      bits.set(value, length);
      length += value.length;
    }
  };
  const validAt = async (inner, index) => {
    refuse("list-cannot-inflate", typeof DecompressionStream === "undefined");
    try {
      if (inner.bits !== 1 || !Number.isSafeInteger(index)) throw new Error("form");
      const bits = await inflate(unb64(inner.lst));
      if (index < 0 || index >= bits.length * 8) throw new Error("no such place");
      return !((bits[index >> 3] >> (index & 7)) & 1);
    } catch {
      throw new Failed("list-broken");
    }
  };
  const judge = async (claims, status, keys, at) => {
    let said;
    try {
      said = await opened(status, keys, LIST);
    } catch (failure) {
      throw failure instanceof Failed ? new Failed(`list-${failure.reason}`) : failure;
    }
    const { idx, uri } = claims.status.status_list;
    refuse("list-other", said.iss !== claims.iss || said.sub !== uri);
    refuse("list-stale", at >= said.exp);
    refuse("list-early", at + SKEW < said.iat);
    if (!(await validAt(said.status_list, idx))) throw new Failed(said.iat < claims.iat ? "list-older" : "ended");
  };

  // The PDF file: one byte is one character, so that places in the text are places in the file.
  const STREAM = /(^|[^a-z])stream\r?\n[^]*?endstream\b/g;
  const OBJECT = /(?:^|[\r\n])(\d{1,9}) (\d{1,9}) obj\b([^]*?)\bendobj\b/g;
  const XREF = /(?:^|[\r\n])xref\r?\n((?:\d+ \d+\r?\n|\d{10} \d{5} [nf] ?\r?\n)+)(?=trailer)/g;
  const ANNOTS = /\/Annots[ \t\r\n\f\v]*\[([^\]]*)\]/g;
  const NEVER = /\/(?:ObjStm|XRef|XRefStm|XFA|OpenAction|AA|JavaScript|JS|OCProperties|Launch|RichMedia|Encrypt)\b|\/[A-Za-z0-9_]*#/;
  const ADDED = "/AcroForm /DSS /Extensions /Metadata /Perms /Version".split(" ");
  const split = (text) => text.split(/[ \t\r\n\f\v]+/).filter(Boolean);
  const all = (text, form) => [...text.matchAll(form)];
  const numbers = (text, form) => all(text, form).map((one) => Number(one[1]));

  const findToken = (text) => {
    const found = all(text, /\nstream\n([A-Za-z0-9_.-]{100,8192})( *)\nendstream\n/g)
      .filter((one) => one[1].length + one[2].length === ROOM);
    refuse(found.length ? "several-tokens" : "no-token", found.length !== 1);
    return { token: found[0][1], start: found[0].index + "\nstream\n".length };
  };
  /** The number of each object that a table in the tail gives a place to, and that place in the file. */
  const listed = (bare) => {
    const found = [];
    for (const table of all(bare, XREF)) {
      let following = 0;
      for (const one of all(table[1], /(?:(\d{1,9}) (\d{1,9})|(\d{10}) \d{5} ([nf]) ?)\r?\n/g)) {
        if (one[1]) { following = Number(one[1]); continue; }
        if (one[4] === "n") found.push([following, Number(one[3])]);
        following += 1;
      }
    }
    return found;
  };
  const keysOf = (body) => {
    let text = body.trim().replace(/^<</, "").replace(/>>$/, "");
    for (;;) {
      const flat = text.replace(/<<[^<>]*>>|<[0-9A-Fa-f\s]*>|\[[^[\]]*\]|\([^()]*\)/g, "0");
      if (flat === text) break;
      text = flat;
    }
    return all(text.replace(/(\/[^\s/]+)\s+\/[^\s/]+/g, "$1 0"), /\/[^\s/<>[\]()]+(?=\s+[^\s])/g).map((one) => one[0]);
  };
  const pagesOf = (body) => numbers(body, /\/(?:Pages|StructTreeRoot) (\d+) 0 R/g).join();
  const samePage = (before, after) => {
    const notes = [before, after].map((body) => numbers(all(body, ANNOTS).map((one) => one[1]).join(""), /(\d+) 0 R/g));
    const [old, young] = [before, after].map((body) => split(body.replace(ANNOTS, "")).sort().join(" "));
    return old === young && notes[0].every((one) => notes[1].includes(one));
  };
  const invisible = (bare) => all(bare, /\/Subtype[ \t\r\n\f\v]*(\/?[^\s/<>]*)/g)
    .every((one) => ["/Widget", "/XML"].includes(one[1]))
    && all(bare, /\/Rect[ \t\r\n\f\v]*\[([^\]]*)\]/g).every((one) => split(one[1]).join(" ") === "0 0 0 0");
  const beginsWhereItSays = (issued, bare) => {
    const tables = new Set(all(bare, XREF).map((one) => issued.length + one.index + one[0].indexOf("xref")));
    const first = numbers(issued, /startxref\s+(\d+)/g).slice(-1);
    const said = numbers(bare, /startxref\s+(\d+)/g);
    return tables.size > 0 && tables.size === said.length && said.every((place) => tables.has(place))
      && new Set(said).size === tables.size
      && numbers(bare, /\/Prev (\d+)/g).every((place) => tables.has(place) || first.includes(place));
  };
  /** Everything that leads somewhere is written the one way that is read here: PDF allows others. */
  const STRICT = [
    [/\/(?:Root|Info|Pages|StructTreeRoot)\b/g, /\/(?:Root|Info|Pages|StructTreeRoot) \d+ 0 R/g],
    [/\/Prev\b/g, /\/Prev \d+/g],
    [/startxref/g, /startxref\r?\n\d+\r?\n%%EOF/g],
    [/%/g, /%(?=%EOF)|(?<=%)%(?=EOF)/g],
    [/\bobj\b/g, /(?:^|[\r\n])\d{1,9} 0 obj\b/g],
    [/(?<!start)xref/g, XREF],
    [/trailer/g, XREF],
  ];
  const plain = (bare) => STRICT.every(([any, form]) => all(bare, any).length === all(bare, form).length);
  const onlyASeal = (issued, tail) => {
    const bare = tail.replace(STREAM, (one, first) => first + " ".repeat(one.length - first.length));
    const before = new Map(all(issued.replace(STREAM, "$1"), OBJECT).map((one) => [Number(one[1]), one[3]]));
    const after = all(bare, OBJECT).map((one) => [Number(one[1]), Number(one[2]), one[3]]);
    const ends = issued.slice(-2048) + bare;
    const [roots, infos] = [/\/Root (\d+) 0 R/g, /\/Info (\d+) 0 R/g].map((form) => [...new Set(numbers(ends, form))]);
    const pages = [...before.keys()].filter((number) => /\/Type \/Page\b(?!s)/.test(before.get(number)));
    if (roots.length !== 1 || infos.length !== 1 || pages.length !== 1 || NEVER.test(bare) || !plain(bare)) return false;
    const [root, page] = [roots[0], pages[0]];
    const mendable = new Set([root, infos[0], page]);
    if (!before.has(root)) return false;
    const catalog = new Set([...ADDED, ...keysOf(before.get(root))]);
    const places = listed(bare);
    return places.every(([number, at]) => at >= issued.length && bare.startsWith(`${number} 0 obj`, at - issued.length))
      && [...after, ...places].every((one) => mendable.has(one[0]) || !before.has(one[0]))
      && after.every(([number, generation, body]) => generation === 0
        && (number !== page || samePage(before.get(page), body))
        && (number !== root || (keysOf(body).every((one) => catalog.has(one)) && pagesOf(body) === pagesOf(before.get(root)))))
      && invisible(bare) && beginsWhereItSays(issued, bare)
      && all(bare, /\/ByteRange\s*\[\s*0 (\d+) (\d+) (\d+)\s*\]/g).some(([, gap, from, rest]) =>
        Number(gap) >= issued.length && Number(from) + Number(rest) === issued.length + bare.length);
  };
  const checkPage = async (bytes, text, start, claims) => {
    const { page_bytes: length, page_sha256: digest } = claims;
    const fits = Number.isSafeInteger(length) && start + ROOM < length && length <= bytes.length;
    refuse("page-altered", !fits);
    const issued = bytes.slice(0, length).fill(0x20, start, start + ROOM);
    refuse("page-altered", hex(await sha256(issued)) !== digest);
    if (bytes.length === length) return false;
    const before = text.slice(0, start) + " ".repeat(ROOM) + text.slice(start + ROOM, length);
    refuse("page-added-to", !onlyASeal(before, text.slice(length)));
    return true;
  };

  // What was given, and what is fetched.
  const bytesOf = async (file, most) => {
    refuse("too-long", file.size > most);
    return new Uint8Array(await file.arrayBuffer());
  };
  const fetched = async (address, most, missing) => {
    let bytes;
    try {
      const answer = await fetch(address, { credentials: "omit", redirect: "error", referrerPolicy: "no-referrer" });
      if (!answer.ok) throw new Error("not there");
      bytes = new Uint8Array(await answer.arrayBuffer());
    } catch {
      throw new Failed(missing);
    }
    refuse(missing, bytes.length > most);
    return bytes;
  };
  const ascii = (bytes) => new TextDecoder("windows-1252").decode(bytes).trim();
  const listFor = async (claims) => {
    const saved = form.elements.status.files[0];
    if (saved) return ascii(await bytesOf(saved, MOST[LIST] + 1));
    const { uri } = claims.status.status_list;
    const here = or("no-status", () => new URL(uri).origin === location.origin);
    if (!here) throw new Failed("list-elsewhere", uri);
    return ascii(await fetched(uri, MOST[LIST] + 1, "list-unreachable"));
  };
  const given = async () => {
    const file = form.elements.file.files[0];
    if (!file) return { token: form.elements.text.value.trim() };
    const bytes = await bytesOf(file, MOST_FILE);
    const text = new TextDecoder("windows-1252").decode(bytes);
    if (!text.trimStart().startsWith("%PDF-")) return { token: text.trim() };
    return { bytes, text, ...findToken(text) };
  };
  const check = async (say) => {
    refuse("no-cryptography", !window.isSecureContext || !window.crypto?.subtle);
    const paper = await given();
    refuse("nothing", !paper.token);
    refuse("address", /^https?:\/\//.test(paper.token));
    const saved = form.elements.keys.files[0];
    const raw = saved ? await bytesOf(saved, MOST_FILE) : await fetched(form.dataset.keys, MOST_FILE, "keys-unreachable");
    const keys = await keySet(raw);
    refuse("no-issuer", typeof keys.issuer !== "string" || !keys.issuer);
    const claims = await opened(paper.token, keys, CERTIFICATE);
    refuse("issuer", claims.iss !== keys.issuer);
    const sealed = paper.bytes ? await checkPage(paper.bytes, paper.text, paper.start, claims) : false;
    say(claims);
    const at = Math.floor(Date.now() / 1000);
    refuse("expired", at > claims.exp);
    refuse("not-yet", at + SKEW < Math.max(claims.nbf ?? 0, claims.iat));
    refuse("no-status", !isObject(claims.status?.status_list));
    await judge(claims, await listFor(claims), keys, at);
    return { sealed, paper: Boolean(paper.bytes) };
  };

  // What is said.
  const place = document.getElementById("verify-result");
  const add = (parent, name, text, classes = "") => {
    const made = parent.appendChild(document.createElement(name));
    if (text !== null) made.textContent = text;
    if (classes) made.className = classes;
    return made;
  };
  const day = (iso) => {
    const when = new Date(`${iso}T00:00:00Z`);
    if (Number.isNaN(when.getTime())) return String(iso);
    const { lang } = document.documentElement;
    return new Intl.DateTimeFormat({ en: "en-IE", pt: "pt-PT" }[lang] ?? lang, { dateStyle: "long", timeZone: "UTC" }).format(when);
  };
  const born = (iso) => (/^\d{4}-\d{2}-\d{2}$/.test(iso) ? day(iso) : String(iso));
  const show = (head, sentence, classes) => {
    const verdict = document.createElement("div");
    verdict.className = `at-verdict ${classes}`;
    add(verdict, "h2", head, "ds-heading").dataset.size = "lg";
    add(verdict, "p", sentence);
    place.prepend(verdict);
  };
  const sayClaims = (claims) => {
    const rows = [
      [words.labels.name, claims.holder_name],
      [words.labels.born, born(claims.holder_birth_date)],
      [words.labels.scope, [words.activities[claims.activity], words.roles[claims.role]].filter(Boolean).join(" · ")],
      [words.labels.until, day(claims.valid_until)],
      [words.labels.issuer, claims.issuer],
      [words.labels.number, claims.number],
    ];
    const summary = add(place, "dl", null, "at-summary");
    for (const [label, value] of rows) {
      const row = add(summary, "div", null);
      add(row, "dt", label);
      add(row, "dd", value ?? "–");
    }
  };
  const failed = (failure) => {
    const reason = failure instanceof Failed ? failure.reason : "broken";
    const known = words.reasons[reason] ?? words.list + (words.reasons[reason.replace(/^list-/, "")] ?? words.reasons.broken);
    if (!ENDS.has(reason)) place.replaceChildren();
    show(ENDS.has(reason) ? words.heads.ended : words.heads.unchecked, known, ENDS.has(reason) ? "" : "at-verdict--open");
    if (failure.more) add(place, "p", failure.more, "at-code");
    const p = add(place, "p", null);
    const link = add(p, "a", words.online, "ds-link");
    link.href = form.dataset.online;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    place.replaceChildren();
    try {
      const { sealed, paper } = await check(sayClaims);
      show(words.heads.current, words.compare, "at-verdict--current");
      if (sealed) add(place, "p", words.sealed);
      if (!paper) add(place, "p", words.token);
    } catch (failure) {
      failed(failure);
    }
    button.removeAttribute("aria-busy");
    place.focus();
  });

  form.hidden = false;
  document.querySelector("[data-verify-without]").hidden = true;
})();
