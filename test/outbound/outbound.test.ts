/** Requests to addresses that others name: none reaches this machine or its network, whatever the name, the resolver or the proxy says. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { createServer as createHttpsServer, request as httpsRequest } from "node:https";
import { type AddressInfo, BlockList, type connect, createServer, type LookupFunction, Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { outboundAgents } from "../../src/outbound/agents.ts";
import { checksConnections, type Outbound, openOutbound } from "../../src/outbound/outbound.ts";
import { isAmong, reservedAddresses } from "../../src/outbound/reserved-addresses.ts";
import { certificate, key } from "./certificate.ts";

/** Connections that anybody made to it. */
interface Victim {
  port: number;
  hits: () => number;
}

async function listen(server: ReturnType<typeof createServer> | HttpServer, host: string): Promise<Victim> {
  let hits = 0;
  server.on("connection", () => {
    hits += 1;
  });
  server.listen(0, host);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, hits: () => hits };
}

const victim = (): Promise<Victim> =>
  listen(
    createServer((socket) => socket.destroy()),
    "::",
  );

async function codeOf(outbound: Outbound, url: string): Promise<string> {
  const signal = AbortSignal.timeout(30_000);
  const asked = async () => outbound.request(outbound.check(url), { method: "POST", body: "{}", signal });
  return asked().then(
    (answer) => {
      answer.destroy();
      return `answered ${answer.statusCode}`;
    },
    (error: { code?: string }) => String(error.code ?? error),
  );
}

const resolvingTo =
  (...addresses: string[]): LookupFunction =>
  (_, options, callback) => {
    const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    if (options.all) callback(null, found);
    else callback(null, found[0].address, found[0].family);
  };

describe("the reserved addresses", () => {
  it.each([
    ...[
      "0.0.0.0",
      "10.1.2.3",
      "100.64.0.1",
      "127.0.0.1",
      "127.255.255.255",
      "169.254.169.254",
      "172.16.0.1",
      "172.31.255.255",
    ],
    ...[
      "192.0.0.192",
      "192.0.2.1",
      "192.168.0.1",
      "198.18.0.1",
      "198.51.100.1",
      "203.0.113.1",
      "224.0.0.1",
      "240.0.0.1",
    ],
    ...[
      "255.255.255.255",
      "168.63.129.16",
      "::",
      "::1",
      "::ffff:127.0.0.1",
      "::ffff:10.0.0.1",
      "::127.0.0.1",
      "64:ff9b::7f00:1",
    ],
    ...[
      "64:ff9b:1::1",
      "100::1",
      "2001::1",
      "2001:db8::1",
      "2002:7f00:1::",
      "3fff::1",
      "fc00::1",
      "fd00:ec2::254",
      "fe80::1",
    ],
    ...["fec0::1", "ff02::1"],
  ])("have %s", (address) => {
    expect(isAmong(reservedAddresses([]), address)).toBe(true);
  });

  it.each(["1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "223.255.255.255", "2606:4700::1111", "::ffff:8.8.8.8"])(
    "leave %s out",
    (address) => {
      expect(isAmong(reservedAddresses([]), address)).toBe(false);
    },
  );

  it("leave out what is allowed, and only that", () => {
    const list = reservedAddresses(["127.0.0.1", "10.0.5.0/24", "::1"]);
    const among = [
      "127.0.0.1",
      "127.0.0.2",
      "126.255.255.255",
      "10.0.4.255",
      "10.0.5.0",
      "10.0.5.255",
      "10.0.6.0",
      "::1",
      "::2",
      "::",
    ];
    expect(among.filter((address) => isAmong(list, address))).toEqual([
      "127.0.0.2",
      "10.0.4.255",
      "10.0.6.0",
      "::2",
      "::",
    ]);
  });

  it.each(["localhost", "127.0.0.1/33", "127.0.0.1/", "10.0.0.0/8/8", "fe80::1%eth0", ""])(
    "refuse the exception %o",
    (given) => {
      expect(() => reservedAddresses([given])).toThrow(/is no address or network/);
    },
  );
});

describe("a request", () => {
  it("reaches nothing reserved, however it is written, and makes no connection", async () => {
    const { port, hits } = await victim();
    const outbound = openOutbound();
    const hosts = [
      ...[
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
      ],
      ...[
        "0x7f000001",
        "127.1",
        "0.0.0.0",
        "0",
        "[::]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "127.0.0.1.",
        "①②⑦.⓪.⓪.①",
      ],
    ];
    for (const host of hosts) {
      expect([host, await codeOf(outbound, `https://${host}:${port}/`)]).toEqual([host, "forbidden"]);
      expect([host, await codeOf(outbound, `http://${host}:${port}/`)]).not.toEqual([
        host,
        expect.stringMatching(/^answered/),
      ]);
    }
    expect(hits()).toBe(0);
  });

  it("reaches nothing reserved by a name that resolves to it, alone, among others, or the second time only", async () => {
    const { port, hits } = await victim();
    const url = `https://rebound.test:${port}/`;
    for (const addresses of [
      ["127.0.0.1"],
      ["::1"],
      ["::ffff:127.0.0.1"],
      ["10.0.0.1", "127.0.0.1"],
      ["::1", "127.0.0.1"],
    ])
      expect([addresses, await codeOf(openOutbound({ lookup: resolvingTo(...addresses) }), url)]).toEqual([
        addresses,
        "forbidden",
      ]);
    // First as an address that is allowed, as who checks a name and connects later would find it.
    let asked = 0;
    const lookup: LookupFunction = (...given) => resolvingTo(asked++ === 0 ? "127.0.0.9" : "127.0.0.1")(...given);
    const outbound = openOutbound({ allow: ["127.0.0.9"], lookup });
    expect(await codeOf(outbound, url)).not.toMatch(/^answered/);
    const before = hits();
    expect(await codeOf(outbound, url)).toBe("forbidden");
    expect([asked, hits() - before]).toEqual([2, 0]);
  });

  it.each([
    ...[
      "0x7f.0.0.1",
      "0x7F.0x0.0x0.0x1",
      "0177.0.0.01",
      "127.0.1",
      "017700000001",
      "2130706433.",
      "127.0.0.1%2e",
      "127。0。0。1",
    ],
    ...[
      "１２７.０.０.１",
      "127.0.0.①",
      "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
      "LOCALHOST",
      "localhost.",
      "[0:0:0:0:0:0:0:1]",
      "[::ffff:0:7f00:1]",
      "[::7f00:1]",
    ],
    ...[
      "[64:ff9b::127.0.0.1]",
      "[64:ff9b:1::7f00:1]",
      "[2002:7f00:1::]",
      "[2001:0:7f00:1::]",
      "[::ffff:169.254.169.254]",
    ],
    ...[
      "169.254.169.254",
      "2852039166",
      "0xa9fea9fe",
      "0251.0376.0251.0376",
      "[fd00:ec2::254]",
      "[fe80::1]",
      "[fe80::1%25lo]",
    ],
    ...[
      "[fe80::1%lo]",
      "255.255.255.255",
      "0.0.0.1",
      "[::0.0.0.1]",
      "[ff02::1]",
      "[100::1]",
      "100.100.100.200",
      "192.0.0.192",
    ],
    ...[
      "127.0.0.1@example.com",
      "example.com@127.0.0.1",
      "example.com%40127.0.0.1",
      "127.0.0.1#@example.com",
      "127.0.0.1\\@example.com",
    ],
  ])("reaches nothing at https://%s", async (host) => {
    const { port, hits } = await victim();
    const said = await codeOf(openOutbound({ lookup: resolvingTo("127.0.0.1") }), `https://${host}:${port}/`);
    expect([said, hits()]).toEqual([expect.stringMatching(/^(?:forbidden|invalid)$/), 0]);
  });

  it.each([
    ...["2130706433", "0177.0.0.1", "0x7f.1", "127.1", "0", "localhost", "127.0.0.1", "::1", "::ffff:127.0.0.1"],
    ...[
      "::ffff:7f00:1",
      "64:ff9b::7f00:1",
      "fe80::1%lo",
      "::1%lo",
      "127.0.0.1.",
      "0.0.0.0",
      "::",
      "[::1]",
      "127.0.0.1 ",
      "",
    ],
  ])("is connected to nothing by the host %o, as a place of files names it", async (host) => {
    const { port, hits } = await victim();
    const signal = AbortSignal.timeout(30_000);
    await expect(openOutbound().connect({ host, port, signal })).rejects.toThrow();
    expect(hits()).toBe(0);
  });

  it.each([
    [["169.254.169.254", "127.0.0.1"]],
    [["fd00:ec2::254", "::1"]],
    [["fe80::1%lo"]],
    [["::ffff:0:127.0.0.1"]],
    [["64:ff9b::a9fe:a9fe"]],
    [["2002:7f00:1::"]],
    [["169.254.169.254"]],
    [["0.0.0.0"]],
    [["::"]],
    [["100.100.100.200"]],
  ])("makes no connection to a name that resolves to %j", async (addresses) => {
    const { port, hits } = await victim();
    const outbound = openOutbound({ lookup: resolvingTo(...addresses) });
    const signal = AbortSignal.timeout(30_000);
    await expect(outbound.connect({ host: "rebound.test", port, signal })).rejects.toMatchObject({ code: "forbidden" });
    expect(hits()).toBe(0);
  });

  it("goes past a proxy of the environment, which would resolve the name itself", async () => {
    const proxy = await victim();
    const { port, hits } = await victim();
    const module = fileURLToPath(new URL("../../src/outbound/outbound.ts", import.meta.url));
    const script = `
      const { openOutbound } = await import(${JSON.stringify(module)});
      const outbound = openOutbound();
      const said = await outbound.request(outbound.check("https://localhost:${port}/"), { method: "GET", signal: AbortSignal.timeout(30000) }).catch((error) => error.code);
      process.stdout.write(String(said));`;
    const at = `http://127.0.0.1:${proxy.port}`;
    const env = {
      ...process.env,
      NODE_USE_ENV_PROXY: "1",
      HTTP_PROXY: at,
      HTTPS_PROXY: at,
      http_proxy: at,
      https_proxy: at,
      NO_PROXY: "",
      no_proxy: "",
    };
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { env });
    expect([stdout, proxy.hits(), hits()]).toEqual(["forbidden", 0, 0]);
  });

  it.each([
    ["http://example.com/", "invalid"],
    ["ftp://example.com/", "invalid"],
    ["file:///etc/passwd", "invalid"],
    ["https://anna:secret@example.com/", "invalid"],
    ["example.com", "invalid"],
    ["http://127.0.0.1/", "forbidden"],
    ["https://169.254.169.254/latest/meta-data/", "forbidden"],
  ])("is refused for %s before anything is resolved", (url, code) => {
    expect(() => openOutbound().check(url)).toThrow(expect.objectContaining({ code }));
  });

  it("reaches what is allowed, follows no redirect, and ends with its signal", async () => {
    const outbound = openOutbound({ allow: ["127.0.0.1"], lookup: resolvingTo("127.0.0.1"), ca: certificate });
    const elsewhere = await victim();
    const seen: string[] = [];
    const server = createHttpsServer({ key, cert: certificate }, (request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.host?.split(":")[0]}`);
      if (request.url === "/slow") return;
      response
        .writeHead(request.url === "/away" ? 302 : 200, { location: `https://127.0.0.1:${elsewhere.port}/` })
        .end("said");
    });
    const { port } = await listen(server, "127.0.0.1");
    onTestFinished(() => server.closeAllConnections());
    expect(await codeOf(outbound, `https://hooks.test:${port}/`)).toBe("answered 200");
    expect(await codeOf(outbound, `https://hooks.test:${port}/away`)).toBe("answered 302");
    const stop = new AbortController();
    const slow = outbound.request(outbound.check(`https://hooks.test:${port}/slow`), {
      method: "GET",
      signal: stop.signal,
    });
    await expect.poll(() => seen.length).toBe(3);
    stop.abort();
    await expect(slow).rejects.toThrow(/abort/i);
    expect([seen, elsewhere.hits()]).toEqual([
      ["POST / hooks.test", "POST /away hooks.test", "GET /slow hooks.test"],
      0,
    ]);
    // The certificate is not for that name, or by nobody known.
    expect(await codeOf(outbound, `https://other.test:${port}/`)).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
    expect(await codeOf(openOutbound({ allow: ["127.0.0.1"] }), `https://localhost:${port}/`)).toBe(
      "DEPTH_ZERO_SELF_SIGNED_CERT",
    );
    const plain = await listen(
      createHttpServer((_, response) => void response.end()),
      "127.0.0.1",
    );
    expect(await codeOf(outbound, `http://127.0.0.1:${plain.port}/`)).toBe("answered 200");
    const socket = await outbound.connect({ host: "127.0.0.1", port: plain.port, signal: AbortSignal.timeout(30_000) });
    expect(socket).toBeInstanceOf(Socket);
    socket.destroy();
  });

  it("is refused where Node passes over what it must not reach", async () => {
    const heedless = ((options: object) => {
      expect(options).toMatchObject({ blockList: expect.any(BlockList) });
      const socket = new Socket();
      setImmediate(() => socket.destroy(Object.assign(new Error("refused"), { code: "ECONNREFUSED" })));
      return socket;
    }) as unknown as typeof connect;
    await expect(checksConnections(heedless)).rejects.toMatchObject({ code: "unavailable" });
    await expect(checksConnections()).resolves.toBeUndefined();
  });
});

describe("the agents", () => {
  it("make their connections as requests are made: to no reserved address, for the name that the certificate has", async () => {
    const server = createHttpsServer({ key, cert: certificate }, (_, response) => void response.end("said"));
    const { port, hits } = await listen(server, "127.0.0.1");
    onTestFinished(() => server.closeAllConnections());
    const lookup = resolvingTo("127.0.0.1");
    const asked = (outbound: Outbound, host: string) =>
      new Promise<string>((resolve) => {
        const { httpAgent, httpsAgent } = outboundAgents(outbound);
        onTestFinished(() => {
          httpAgent.destroy();
          httpsAgent.destroy();
        });
        httpsRequest({ host, port, agent: httpsAgent }, (answer) => {
          answer.resume();
          resolve(`answered ${answer.statusCode}`);
        })
          .on("error", (error: { code?: string }) => resolve(String(error.code ?? error)))
          .end();
      });
    expect(await asked(openOutbound({ lookup, ca: certificate }), "hooks.test")).toBe("forbidden");
    expect(hits()).toBe(0);
    const outbound = openOutbound({ allow: ["127.0.0.1"], lookup, ca: certificate });
    expect(await asked(outbound, "hooks.test")).toBe("answered 200");
    expect(await asked(outbound, "other.test")).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  });
});
