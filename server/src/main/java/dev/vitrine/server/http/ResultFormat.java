package dev.vitrine.server.http;

import dev.vitrine.server.result.ArrowResult;
import dev.vitrine.server.result.CsvResult;
import dev.vitrine.server.result.JsonResult;
import dev.vitrine.server.result.ResultWriter;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;

/** The formats of a result: {@code ?format=} chooses one, otherwise the first in Accept that is known. */
enum ResultFormat {
    JSON("application/json"),
    CSV("text/csv"),
    ARROW("application/vnd.apache.arrow.stream");

    private final String mediaType;

    ResultFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    String contentType() {
        return this == CSV ? "text/csv; charset=utf-8; header=present" : mediaType;
    }

    /** Writes this format; Arrow takes its memory, at most so many bytes, from the allocator. */
    ResultWriter writer(OutputStream out, String queryId, BufferAllocator allocator, long bytes) {
        return switch (this) {
            case JSON -> new JsonResult(out, queryId);
            case CSV -> new CsvResult(out);
            case ARROW -> new ArrowResult(out, allocator, bytes);
        };
    }

    /** Chooses; 406 with the list where none matches. */
    static ResultFormat of(Context ctx) {
        String name = ctx.queryParam("format");
        if (name != null) {
            return Arrays.stream(values())
                    .filter(format -> format.name().equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() -> notAcceptable("format '" + name + "'"));
        }
        String accept = ctx.header("Accept");
        if (accept == null || accept.isBlank()) {
            return JSON;
        }
        return Arrays.stream(accept.split(",", -1))
                .map(AcceptedType::of)
                .filter(type -> type.quality() > 0)
                .sorted((a, b) -> Double.compare(b.quality(), a.quality()))
                .map(ResultFormat::match)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> notAcceptable("Accept '" + accept + "'"));
    }

    private static Optional<ResultFormat> match(AcceptedType accepted) {
        return Arrays.stream(values())
                .filter(format -> accepted.matches(format.mediaType))
                .findFirst();
    }

    private static HttpResponseException notAcceptable(String asked) {
        String known = Arrays.stream(values())
                .map(format -> format.name().toLowerCase(Locale.ROOT) + " (" + format.mediaType + ")")
                .collect(Collectors.joining(", "));
        return new HttpResponseException(
                HttpStatus.NOT_ACCEPTABLE.getCode(), asked + " is not served; expected one of " + known);
    }

    /** One entry of an Accept header (RFC 9110, 12.5.1). */
    private record AcceptedType(String range, double quality) {
        static AcceptedType of(String entry) {
            String[] parts = entry.trim().split(";", -1);
            double quality = 1;
            for (int i = 1; i < parts.length; i++) {
                String parameter = parts[i].trim();
                if (parameter.startsWith("q=")) {
                    quality = quality(parameter.substring(2));
                }
            }
            return new AcceptedType(parts[0].trim().toLowerCase(Locale.ROOT), quality);
        }

        private static double quality(String text) {
            return text.matches("[01](\\.[0-9]{0,3})?") ? Double.parseDouble(text) : 0;
        }

        boolean matches(String mediaType) {
            return range.equals("*/*")
                    || range.equals(mediaType)
                    || (range.endsWith("/*") && mediaType.startsWith(range.substring(0, range.length() - 1)));
        }
    }
}
