// In the page: the clock of the benchmarks. What is watched for is set up before the key goes down, and left in
// `window`, so that no message of the test program's own lies between a key and its picture.
() => {
    const once = (type, target = document) => new Promise(found => target.addEventListener(
        type, () => found(performance.now()), {capture: true, once: true}));
    const watch = (area, see) => {
        const watcher = new MutationObserver(() => see(watcher));
        watcher.observe(area, {subtree: true, childList: true, characterData: true, attributes: true});
        return watcher;
    };
    const until = (area, check) => new Promise((found, failed) => {
        watch(area, watcher => { if (check()) { watcher.disconnect(); found(); } });
        setTimeout(() => failed(new Error("nothing changed for 20 seconds")), 20000);
    });
    const image = area => area.querySelector("img");
    const src = area => image(area)?.src;
    // A picture that a newer one replaces before it is decoded was never seen: then the newer one counts.
    const decoded = area => image(area).decode().catch(() => decoded(area));
    // The browser paints right after the callbacks of requestAnimationFrame, and a message posted from one of
    // them arrives after that.
    const painted = () => new Promise(found => requestAnimationFrame(() => {
        const {port1, port2} = new MessageChannel();
        port1.onmessage = () => found(performance.now());
        port2.postMessage(null);
    }));
    // The file, not its pixels: a canvas to read them from leaves megabytes to the garbage collector, which
    // then runs while the next move is timed.
    const file = async area => new Uint8Array(await (await fetch(src(area))).arrayBuffer());
    const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

    // What the words say the learning rate is, and where the slider stands: its handle tells the exponent.
    const words = area => (area.querySelector("[role=status]") ?? area).textContent;
    const rate = area => Number(words(area).match(/(?:lr=|learning rate )([-+.\de]+\d)/)?.[1]);
    const position = handle => Number((10 ** handle.ariaValueText).toPrecision(3));

    const timePicture = async (area, old, before) => {
        const changed = until(area, () => src(area) && src(area) !== before);
        const start = await once("keydown");
        await changed;
        await decoded(area);
        const end = await painted();
        if (same(old, await file(area))) throw new Error("another picture came, with the same pixels");
        return end - start;
    };
    const timeWords = async area => {
        const before = rate(area), changed = until(area, () => rate(area) !== before);
        const start = await once("keydown"), training = words(area).includes("trained so far");
        await changed;
        return training ? performance.now() - start : null;
    };
    window.watchPicture = async area => {
        const old = await file(area), before = src(area);
        window.measured = timePicture(area, old, before);
    };
    window.watchWords = area => { window.measured = timeWords(area); };

    // A drag: how many pictures come, and at each frame how old the value is that the words tell of, which is
    // how long ago the slider left it.
    window.watchDrag = (area, handle) => {
        const seen = new Set([src(area)]), ages = [], left = new Map();
        let at = position(handle), under_way = true;
        const turns = watch(handle, () => {
            const now = position(handle);
            if (now !== at) { left.set(at, performance.now()); at = now; }
        });
        const pictures = watch(area, () => { if (src(area)) seen.add(src(area)); });
        const frame = () => {
            const told = rate(area);
            if (told === at) ages.push(0);
            else if (left.has(told)) ages.push(performance.now() - left.get(told));
            if (under_way) requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
        window.endDrag = () => {
            under_way = false;
            turns.disconnect();
            pictures.disconnect();
            return {pictures: seen.size - 1, ages};
        };
    };

    window.quiet = area => new Promise(found => {
        let timer = setTimeout(found, 120);
        const watcher = watch(area, () => {
            clearTimeout(timer);
            timer = setTimeout(() => { watcher.disconnect(); found(); }, 120);
        });
        setTimeout(() => watcher.disconnect(), 120);
    });
}
