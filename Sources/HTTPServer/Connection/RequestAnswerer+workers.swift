import NIOCore
import Stopping

/// What a connection has from the workers: verdicts, and answers to requests that are not for the event loop.
extension RequestAnswerer {
    /// Has a worker check the caller.
    func findVerdict() {
        guard let exchange else { return }
        let bound = NIOLoopBound(self, eventLoop: loop)
        let check = VerdictCheck(exchange) { [loop] check, result in
            loop.execute { bound.value.take(result, of: check) }
        }
        guard !check.start(workers) else { return self.check = check }
        report?(.checked(response(to: .queueIsFull), refusal: .queue, queue: nil, compute: nil))
    }

    private func take(_ result: VerdictCheck.Result, of check: VerdictCheck) {
        // If the client has left, or the request was refused meanwhile, the verdict decides nothing.
        guard self.check === check else { return }
        self.check = nil
        report?(.checked(result.verdict, refusal: nil, queue: result.queue, compute: result.compute))
    }

    /// Hands a request to the workers.
    func submit(
        _ exchange: any HTTPExchange, _ question: ReceivedRequest, _ start: (AnswerJob) throws(HTTPRefusal) -> Bool
    ) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        let job = AnswerJob(
            exchange, stop: stop, holding: holding(), caller: caller(), answerCodings: question.answerCodings,
            isInputClosed: question.isInputClosed, configuration, workers,
            remind: { [loop] job, time in loop.execute { bound.value.remind(time, of: job) } },
            deliver: { [loop] job, result in loop.execute { bound.value.take(result, of: job) } })
        self.job = job
        do throws(HTTPRefusal) {
            report?(try start(job) ? .working(nextCheck: job.firstCheck) : .nobodyWaits)
        } catch {
            self.job = nil
            refuse(error)
        }
    }

    private func take(_ result: AnswerResult, of job: AnswerJob) {
        // If the client has left or the time was over, the request has ended.
        guard self.job === job else { return }
        self.job = nil
        var answer: RequestAnswer
        switch result.answer {
        case .nobodyWaits:
            report?(.nobodyWaits)
            return
        case .response(let response): answer = RequestAnswer(response)
        case .refusal(let refusal): answer = RequestAnswer(response(to: refusal), refusal: refusal.reason)
        }
        (answer.price, answer.queue, answer.compute) = (result.price, result.queue, result.compute)
        report?(.answered(answer))
    }

    /// The request may compute for this time alone.
    private func remind(_ time: Duration, of job: AnswerJob) {
        if self.job === job { report?(.working(nextCheck: time)) }
    }

    /// The request has waited or computed for a while.
    func checkTime() {
        guard let job else { return }
        switch job.checkTime(now: .now()) {
        case .notBefore(let time):
            report?(.working(nextCheck: .nanoseconds(max(0, (time - .now()).nanoseconds))))
        case .hasWaitedTooLong:
            guard job.withdraw() else {
                // It may have begun in this moment.
                report?(.working(nextCheck: .milliseconds(1)))
                return
            }
            forgetJob()
            refuse(HTTPRefusal(503, .queue, "the request has waited too long for a processor"))
        case .hasComputedTooLong:
            job.abandon()
            forgetJob()
            refuse(HTTPRefusal(503, .deadline, "the computation took too long and was stopped"))
        }
    }
}
