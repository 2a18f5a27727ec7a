// nodemailer sends COUNT messages to PORT: text.txt and html.html of FOLDER with another name in each.
// Ten pooled connections; text and HTML are encoded for every message, as its users do. Prints what it took.
const fs = require("fs");
const path = require("path");
const nodemailer = require("nodemailer");

const [port, count, folder] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const [text, html] = ["text.txt", "html.html"].map((name) => fs.readFileSync(path.join(folder, name), "utf8"));

async function main() {
  const transport = nodemailer.createTransport({
    pool: true, host: "127.0.0.1", port, secure: false, ignoreTLS: true,
    maxConnections: 10, maxMessages: Infinity,
  });
  let next = 0;
  async function sendSome() {
    while (next < count) {
      const name = `Reader ${next++}`;
      await transport.sendMail({
        from: '"Paper Round" <news@news.example.org>', to: `reader${next}@example.net`,
        subject: `${name}: what is new`, text: text.replaceAll("{{ name }}", name),
        html: html.replaceAll("{{ name }}", name),
      });
    }
  }
  const begun = process.hrtime.bigint();
  const computed = process.cpuUsage();
  await Promise.all(Array.from({ length: 20 }, sendSome));
  const elapsed_s = Number(process.hrtime.bigint() - begun) / 1e9;
  const used = process.cpuUsage(computed);
  transport.close();
  console.log(JSON.stringify({ elapsed_s, computed_s: (used.user + used.system) / 1e6 }));
}

main().catch((error) => { console.error(error); process.exit(1); });
