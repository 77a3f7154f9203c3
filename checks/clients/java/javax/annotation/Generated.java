package javax.annotation;

/** The annotation of generated code, which the Java platform has no more. */
public @interface Generated {
    String[] value();

    String date() default "";

    String comments() default "";
}
