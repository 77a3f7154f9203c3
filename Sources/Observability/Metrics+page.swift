extension Metrics {
    /// All families in a fixed order, in the text format 0.0.4 of Prometheus.
    ///
    /// Requests are listed only for labels that were seen. The expiry of the certificate is there if there is TLS. All other
    /// families are there from the start. Figures of the process that are not known are left out. The page has about 200
    /// lines and takes a fraction of a millisecond.
    package func page(server: ServerFigures, process: ProcessFigures?, droppedLogLines: UInt64) -> [UInt8] {
        var page = MetricsPage()
        addRequests(to: &page)
        page.family("dropout_http_requests_in_flight", .gauge, "Requests begun and not yet answered.")
        page.sample(inFlight.value)
        page.family("dropout_http_queue_length", .gauge, "Requests that wait for a thread.")
        page.sample(server.queueLength)
        page.family("dropout_http_long_running", .gauge, "Requests over 50 ms of computing that a thread computes.")
        page.sample(server.longRunning)
        page.family("dropout_http_refusals_total", .counter, "Requests turned away, by reason.")
        for reason in Refusal.allCases { page.sample(refusals[reason]?.value ?? 0, [("reason", reason.rawValue)]) }
        page.family("dropout_http_request_body_bytes_total", .counter, "Bytes of request bodies.")
        page.sample(bytesIn.value)
        page.family("dropout_http_response_body_bytes_total", .counter, "Bytes of response bodies.")
        page.sample(bytesOut.value)
        page.family("dropout_elements_total", .counter, "Elements of the tensors that were computed.")
        page.sample(elements.value)
        page.family("dropout_http_memory_held_bytes", .gauge, "Bytes that requests in work hold.")
        page.sample(server.heldBytes)
        page.family(
            "dropout_http_memory_computing_bytes", .gauge, "Bytes of them that computations hold.")
        page.sample(server.computingBytes)
        page.family("dropout_http_memory_budget_bytes", .gauge, "Bytes that requests in work may hold.")
        page.sample(server.budgetBytes)
        page.family("dropout_http_connections_open", .gauge, "Open connections.")
        page.sample(server.openConnections)
        page.family("dropout_http_connections_accepted_total", .counter, "Connections accepted.")
        page.sample(server.acceptedConnections)
        page.family("dropout_http_connections_refused_total", .counter, "Connections refused because of their number.")
        page.sample(server.refusedConnections)
        if let expiry = server.certificateExpiry {
            page.family(
                "dropout_tls_certificate_expiry_timestamp_seconds", .gauge,
                "Time at which the served certificate or one of its chain expires, in seconds since 1970.")
            page.sample(expiry)
        }
        page.family(
            "dropout_log_lines_dropped_total", .counter, "Log lines that the log's reader did not take in time.")
        page.sample(droppedLogLines)
        page.family("dropout_build_info", .gauge, "1, with the version as a label.")
        page.sample(1, [("version", version)])
        if let process { process.add(to: &page) }
        return page.bytes
    }

    private func addRequests(to page: inout MetricsPage) {
        page.family("dropout_http_requests_total", .counter, "Requests answered, by route, method and status.")
        let (routes, methods) = (routes + ["other"], Self.methods + ["other"])
        let statuses = Self.statuses.map { "\($0)" } + ["other"]
        for (routeIndex, route) in routes.enumerated() {
            for (methodIndex, method) in methods.enumerated() {
                for (statusIndex, status) in statuses.enumerated() {
                    let count = requests[index(routeIndex, methodIndex, statusIndex)].value
                    guard count > 0 else { continue }
                    page.sample(count, [("route", route), ("method", method), ("status", status)])
                }
            }
        }
        page.family(
            "dropout_http_request_duration_seconds", .histogram,
            "Time from a request's first byte to its answer's last, by route.")
        for (route, histogram) in zip(routes, durations) { page.samples(histogram, [("route", route)]) }
        page.family("dropout_http_queue_duration_seconds", .histogram, "Time that requests waited for a thread.")
        page.samples(queueDurations)
    }
}
