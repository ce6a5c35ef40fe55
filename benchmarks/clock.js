// In the page: the clock of the benchmark. What is watched for is set up before the key goes down, and left in
// `window`, so that no message of the test program lies between a key and its picture.
() => {
    // All cells stay on the page, also where another one has just grown or shrunk.
    const notebook = jupyterapp.shell.currentWidget.content;
    notebook.notebookConfig = {...notebook.notebookConfig, windowingMode: "none"};

    const until = (area, check) => new Promise(found => {
        if (check()) return found();
        const watcher = new MutationObserver(() => { if (check()) { watcher.disconnect(); found(); } });
        watcher.observe(area, {subtree: true, childList: true, characterData: true, attributes: true});
    });
    const image = area => area.querySelector("img");
    const src = area => image(area)?.src;
    // The browser paints right after the callbacks of requestAnimationFrame, and a message posted from one of
    // them arrives after that.
    const painted = () => new Promise(found => requestAnimationFrame(() => {
        const {port1, port2} = new MessageChannel();
        port1.onmessage = () => found(performance.now());
        port2.postMessage(null);
    }));
    // A picture that a newer one replaces before it is decoded was never seen: then the newer one counts. Without
    // a frame in between, the page would try again for ever, and never come to load it.
    const decoded = area => image(area).decode().catch(() => painted().then(() => decoded(area)));
    window.watchPicture = (area, event) => {
        const before = src(area), changed = until(area, () => src(area) && src(area) !== before);
        const pressed = new Promise(found => document.addEventListener(
            event, () => found(performance.now()), {capture: true, once: true}));
        window.measured = (async () => {
            const start = await pressed;
            await changed;
            await decoded(area);
            return await painted() - start;
        })();
    };
    // At rest: the kernel has answered all that was sent, also the value that a slider holds back until the
    // kernel is done with the one before, and no run is under way.
    window.rest = async area => {
        const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
        await kernel.requestKernelInfo();
        await kernel.requestKernelInfo();
        await until(area, () => !area.querySelector("[aria-busy=true]"));
    };
}
