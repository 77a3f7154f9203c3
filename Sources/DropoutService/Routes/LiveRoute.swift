/// The page "dropout, live", which `/` shows to browsers, and its files. docs/page.md describes it.
enum LiveRoute {
    static let files = page.fileRoute("/live/{name}", summary: "a file of the page /", isOptional: true)

    static let page = Page(
        PageFile("live", .html, PackageResources.live_html),
        files: [
            PageFile("live-api.js", .javaScript, PackageResources.live_api_js),
            PageFile("live-article.js", .javaScript, PackageResources.live_article_js),
            PageFile("live-chart.js", .javaScript, PackageResources.live_chart_js),
            PageFile("live-controls.js", .javaScript, PackageResources.live_controls_js),
            PageFile("live-data.js", .javaScript, PackageResources.live_data_js),
            PageFile("live-dom.js", .javaScript, PackageResources.live_dom_js),
            PageFile("live-forest.js", .javaScript, PackageResources.live_forest_js),
            PageFile("live-grid.js", .javaScript, PackageResources.live_grid_js),
            PageFile("live-icon.svg", .svg, PackageResources.live_icon_svg),
            PageFile("live-library.js", .javaScript, PackageResources.live_library_js),
            PageFile("live-main.js", .javaScript, PackageResources.live_main_js),
            PageFile("live-network.js", .javaScript, PackageResources.live_network_js),
            PageFile("live-panels.css", .css, PackageResources.live_panels_css),
            PageFile("live-request.js", .javaScript, PackageResources.live_request_js),
            PageFile("live-run.js", .javaScript, PackageResources.live_run_js),
            PageFile("live-state.js", .javaScript, PackageResources.live_state_js),
            PageFile("live-steps.js", .javaScript, PackageResources.live_steps_js),
            PageFile("live-texts-forest.js", .javaScript, PackageResources.live_texts_forest_js),
            PageFile("live-texts-training.js", .javaScript, PackageResources.live_texts_training_js),
            PageFile("live-texts.js", .javaScript, PackageResources.live_texts_js),
            PageFile("live-training.js", .javaScript, PackageResources.live_training_js),
            PageFile("live-verify.js", .javaScript, PackageResources.live_verify_js),
            PageFile("live.css", .css, PackageResources.live_css),
        ])
}
