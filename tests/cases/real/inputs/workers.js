const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');
if (!isMainThread) {
    let sum = 0;
    for (let i = 0; i < workerData * 1000; i++)
        sum += [i, { i }][0];
    parentPort.postMessage(sum);
} else {
    Promise.all([1, 2, 3].map((n) => new Promise((done) => {
        new Worker(__filename, { workerData: n }).on('message', done);
    }))).then((sums) => console.log(sums));
}
