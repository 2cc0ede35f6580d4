package dev.isolated.compatibility.boot;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** A Spring Boot application with Spring Data JPA, configured by properties alone. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(Diary.class)
class Application {}
