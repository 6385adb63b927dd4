package io.ossup.conformance;

import io.ossup.CredentialsProvider;
import io.ossup.OssCredentials;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives one answer after the other, and the last one again and again. */
final class Provider implements CredentialsProvider {
    private final List<Order.Line> answers;
    final AtomicInteger questions = new AtomicInteger();

    Provider(List<Order.Line> answers) {
        this.answers = answers;
    }

    @Override
    public OssCredentials getCredentials() {
        Order.Line answer = answers.get(Math.min(questions.getAndIncrement(), answers.size() - 1));
        if (answer.name().equals("give_failure")) {
            throw new IllegalStateException(answer.value());
        }
        String[] words = answer.value().split(" ", -1);
        Instant end = words[3].equals("-") ? null : Instant.now().plusSeconds(Long.parseLong(words[3]));
        return new OssCredentials(words[0], words[1], words[2].equals("-") ? null : words[2], end);
    }
}
