// Workers that compute and answer, and a server that they ask; the sums do not depend on timing.
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');
const http = require('http');
const crypto = require('crypto');

function ask(port, number) {
    return new Promise((resolve, reject) => {
        http.get({ port, path: '/' + number, agent: false }, (answer) => {
            const parts = [];
            answer.on('data', (part) => parts.push(part));
            answer.on('end', () => resolve(Buffer.concat(parts)));
        }).on('error', reject);
    });
}

async function work() {
    const hash = crypto.createHash('sha256');
    for (let i = 0; i < workerData.turns; i++) {
        const objects = Array.from({ length: 2000 }, (_, j) => ({ key: 'k' + j, value: [i, j] }));
        hash.update(JSON.stringify(objects));
        if (i % 5 === 0) hash.update(await ask(workerData.port, i));
        if (i % 25 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    parentPort.postMessage(hash.digest('hex'));
}

if (isMainThread) {
    const turns = 100 * Number(process.argv[2]);
    const server = http.createServer((request, answer) => answer.end(request.url.repeat(1000)));
    server.listen(0, '127.0.0.1', async () => {
        const one = () => new Promise((resolve, reject) => {
            const worker = new Worker(__filename, { workerData: { turns, port: server.address().port } });
            worker.on('message', resolve);
            worker.on('error', reject);
        });
        console.log((await Promise.all([one(), one(), one()])).join('\n'));
        server.close();
    });
} else {
    work();
}
